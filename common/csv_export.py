"""CSV exports that a Danish Excel opens: semicolons, UTF-8 with a BOM, streamed in small pieces."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from html import unescape
from io import StringIO

from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_BOM = "\ufeff"
_LINES_AT_ONCE = 200
# SECURITY: matches text that a spreadsheet would run as a formula, even after quotes and white space (OWASP, CSV
# injection).
_FORMULA = re.compile(r"[\s\"'\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")


def csv_cell(value: object) -> str:
    """Return a value as text: local ISO 8601 times with their zone, translated booleans, the text of a link.

    SECURITY: text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    text = _text(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return unescape(strip_tags(value)) if isinstance(value, SafeString) else str(value)


def csv_chunks(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the file in pieces: the first line at once, then about `_LINES_AT_ONCE` lines at a time.

    No more rows than one piece are in memory.
    """
    buffer = StringIO()
    buffer.write(_BOM)
    # SECURITY: every cell is quoted, so that a spreadsheet that splits at commas starts no new cell inside one.
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL)
    for number, row in enumerate(rows):
        writer.writerow([csv_cell(value) for value in row])
        if number % _LINES_AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    if rest := buffer.getvalue():
        yield rest


def csv_response(name: str, headings: Sequence[object], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Return a streamed download of a list, in the language of the request. The rows are read while they are sent.

    `name` is the file name without date and extension.
    """
    file_name = f"{name}-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        _in_language(translation.get_language(), csv_chunks(_under(headings, rows))),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "Cache-Control": "no-store, private",
        },
    )


def _under(headings: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield headings
    yield from rows


def _in_language(language: str | None, chunks: Iterator[str]) -> Iterator[str]:
    """Produce each chunk in the language of the request. The request is over when the chunks are sent."""
    chunk: str | None = ""
    while chunk is not None:
        with translation.override(language):
            chunk = next(chunks, None)
        if chunk:
            yield chunk
