"""The file as records: bytes to text, text to fields, each with the line of the file it begins on."""

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext, gettext_noop

CPR_SHOWN = gettext_noop("(looks like a CPR number)")


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong, in the language of whoever reads it: a msgid, and what fills its placeholders.

    A list fills one with its items and commas between them.
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
    """Why a line of the file cannot be imported; `detail` is what the CSV reader says, for operators alone."""

    line: int
    reasons: tuple[Reason, ...]
    detail: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {'; '.join(map(str, self.reasons))}{self.detail and f': {self.detail}'}"


class BadFile(ValueError):
    """The file cannot be imported; `problems` has every bad line, in the order of the file."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__()
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one row, as they stand in the file."""

    line: int
    fields: list[str]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    is_utf8: bool


class Records:
    """Iterates over a CSV file, the header first: a `Record` for each row, a `Problem` where it cannot be read.

    UTF-8 with or without BOM; comma or semicolon, whichever the header has more of. Empty lines are passed over.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._lines = self._decoded(file)
        self._ahead: deque[_Line] = deque()
        self.bytes_read = 0

    def __iter__(self) -> Iterator[Record | RowProblem]:
        delimiter = self._delimiter()
        while True:
            used: list[_Line] = []
            # strict: a quote that is never closed would otherwise swallow the rest of the file without a word.
            reader = csv.reader(self._texts(used), delimiter=delimiter, skipinitialspace=True, strict=True)
            try:
                fields = next(reader, None)
            except csv.Error as error:
                why = Reason(gettext_noop("cannot be read as CSV, perhaps for a quote too many"))
                yield RowProblem(used[0].number, (why,), str(error))
                # What such a quote swallowed are rows of their own, to be checked like the others.
                self._ahead.extendleft(reversed(used[1:]))
                continue
            if fields is None:
                return
            garbled = [line.number for line in used if not line.is_utf8]
            if garbled:
                yield from (RowProblem(number, (Reason(gettext_noop("is not UTF-8")),)) for number in garbled)
            elif fields not in ([], [""]):
                yield Record(used[0].number, fields)

    def _delimiter(self) -> str:
        for line in self._lines:
            self._ahead.append(line)
            if line.text.strip():
                return ";" if line.text.count(";") > line.text.count(",") else ","
        return ","

    def _texts(self, used: list[_Line]) -> Iterator[str]:
        """Yield the text of one line after the other, and note in `used` which they were."""
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
