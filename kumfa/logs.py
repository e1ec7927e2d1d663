"""What may stand in a log line."""

import json
import logging
import re
from datetime import UTC, datetime

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

# SECURITY: a second line of defence. No code of ours logs numbers, but a library's exception may quote one.
_CPR = re.compile(r"(?<!\d)\d{6}[ -]?\d{4}(?!\d)")
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z.])(?!\d{4}-\d\d-\d\d)"  # neither within a word or a fraction, nor a date
    r"\(?\+?\d(?:[ \u00a0.()-]{0,2}\d){7,}"
)


class Redact(logging.Filter):
    """Masks telephone and CPR numbers in a record's finished text, but for the last two digits."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; never drop it."""
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):
            text = f"a line that cannot be made: {record.msg!r}"
        record.msg, record.args = redact(text), ()
        if record.exc_info or record.exc_text:
            plain = record.exc_text or logging.Formatter().formatException(record.exc_info or (None, None, None))
            record.exc_text = redact(plain)
        return True


def redact(text: str) -> str:
    """Return the text with every CPR number and every run of eight digits or more masked."""
    text = _CPR.sub("••••••-••••", text)
    return _NUMBER.sub(lambda match: f"••{match.group()[-2:]}", text)


class JsonLine(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, text, and `message_id` and `gateway` where there are any."""

    fields = ("message_id", "gateway")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "text": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in self.fields if hasattr(record, name)}
        if record.exc_text:
            line["exception"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)


class AlwaysHidden(SafeExceptionReporterFilter):
    """Hides passwords, codes and numbers on error pages with DEBUG too."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Yes."""
        return True
