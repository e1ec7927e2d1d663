"""The file as records: bytes to text, text to fields, each with the line of the file it begins on."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line of the file cannot be imported."""

    line: int
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return f"line {self.line}: {'; '.join(self.reasons)}"


class BadFile(ValueError):
    """The file cannot be imported; `problems` has every bad line, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one row, as they stand in the file."""

    line: int
    fields: list[str]


class Records:
    """Iterates over a CSV file, the header first: a `Record` for each row, a `Problem` where it cannot be read.

    UTF-8 with or without BOM; comma or semicolon, whichever the header has more of. Empty lines are passed over.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._not_utf8: list[int] = []
        self.bytes_read = 0

    def __iter__(self) -> Iterator[Record | Problem]:
        lines = self._lines()
        head = list(_through_first_with_text(lines))
        delimiter = ";" if head and head[-1].count(";") > head[-1].count(",") else ","
        # strict: a quote that is never closed would otherwise swallow the rest of the file.
        reader = csv.reader(chain(head, lines), delimiter=delimiter, skipinitialspace=True, strict=True)
        while True:
            begin = reader.line_num + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Problem(begin, (f"cannot be read as CSV: {error}",))
                fields = []
            if self._not_utf8:
                yield from (Problem(line, ("is not UTF-8",)) for line in self._not_utf8)
                self._not_utf8.clear()
            elif fields not in ([], [""]):
                yield Record(begin, fields)

    def _lines(self) -> Iterator[str]:
        for number, line in enumerate(self._file, start=1):
            self.bytes_read += len(line)
            try:
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                self._not_utf8.append(number)
                yield line.decode("utf-8", "replace")


def _through_first_with_text(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line
        if line.strip():
            return
