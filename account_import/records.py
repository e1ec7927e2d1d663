"""Parses the file into records: bytes to text, text to fields. Each record has the number of its first line."""

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext, gettext_noop

CPR_SHOWN = gettext_noop("(looks like a CPR number)")
NOT_UTF_8 = gettext_noop("is not UTF-8. In Excel, choose “Save as” and “CSV UTF-8”.")
_SEPARATOR_LINES = ("sep=;", "sep=,")


@dataclass(frozen=True, slots=True)
class Reason:
    """An error, as a msgid and the values of its placeholders. `str()` translates it into the current language.

    A list fills a placeholder with its items, separated by commas.
    """

    msgid: str
    params: Mapping[str, str | int | list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return gettext(self.msgid) % {name: _filled(value) for name, value in self.params.items()}


def _filled(value: str | int | list[str]) -> str | int:
    if not isinstance(value, list):
        return value
    return ", ".join(gettext(item) if item == CPR_SHOWN else item for item in value)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """The reasons why a line cannot be imported. `detail` is the CSV reader's message, shown to operators only."""

    line: int
    reasons: tuple[Reason, ...]
    detail: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {'; '.join(map(str, self.reasons))}{self.detail and f': {self.detail}'}"


class BadFile(ValueError):
    """The file cannot be imported. `problems` has every bad line, in file order."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__()
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one row, unchanged from the file."""

    line: int
    fields: list[str]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    is_utf8: bool


class Records:
    """Iterates over a CSV file, header first. Yields a `Record` for each row, or a `RowProblem` for an unreadable one.

    The file is UTF-8 with or without BOM. The delimiter is comma or semicolon, whichever is more frequent in the
    header. Empty lines are skipped, and Excel's first line "sep=;".
    """

    def __init__(self, file: BinaryIO) -> None:
        self._lines = self._decoded(file)
        self._ahead: deque[_Line] = deque()
        self.bytes_read = 0
        # A wrong encoding garbles many lines. One error is enough to say what to do.
        self._told_of_encoding = False

    def __iter__(self) -> Iterator[Record | RowProblem]:
        delimiter = self._delimiter()
        while True:
            used: list[_Line] = []
            # strict: otherwise an unclosed quote would silently swallow the rest of the file.
            reader = csv.reader(self._texts(used), delimiter=delimiter, skipinitialspace=True, strict=True)
            try:
                fields = next(reader, None)
            except csv.Error as error:
                why = Reason(gettext_noop("cannot be read as CSV; there may be an extra quotation mark"))
                yield RowProblem(used[0].number, (why,), str(error))
                # The unclosed quote swallowed these lines. Parse them again as rows of their own.
                self._ahead.extendleft(reversed(used[1:]))
                continue
            if fields is None:
                return
            garbled = [line.number for line in used if not line.is_utf8]
            if garbled and not self._told_of_encoding:
                self._told_of_encoding = True
                yield RowProblem(garbled[0], (Reason(NOT_UTF_8),))
            elif not garbled and fields not in ([], [""]):
                yield Record(used[0].number, fields)

    def _delimiter(self) -> str:
        for line in self._lines:
            if line.text.strip().lower() in _SEPARATOR_LINES:
                continue
            self._ahead.append(line)
            if line.text.strip():
                return ";" if line.text.count(";") > line.text.count(",") else ","
        return ","

    def _texts(self, used: list[_Line]) -> Iterator[str]:
        """Yield the text of each line, and append the line to `used`."""
        while line := self._ahead.popleft() if self._ahead else next(self._lines, None):
            used.append(line)
            yield line.text

    def _decoded(self, file: BinaryIO) -> Iterator[_Line]:
        for number, line in enumerate(file, start=1):
            self.bytes_read += len(line)
            encoding = "utf-8-sig" if number == 1 else "utf-8"
            try:
                yield _Line(number, line.decode(encoding), is_utf8=True)
            except UnicodeDecodeError:
                yield _Line(number, line.decode(encoding, "replace"), is_utf8=False)
