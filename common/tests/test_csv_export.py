"""CSV exports: formulas, the format of values, and streaming."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation
from django.utils.html import format_html

from common import csv_export
from tests.interface import in_da


def read(*rows: list[Any]) -> list[list[str]]:
    text = "".join(csv_export.csv_chunks(rows))
    assert text.startswith("\ufeff")
    return list(csv.reader(text.removeprefix("\ufeff").splitlines(keepends=True), delimiter=";"))


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+45 •• •• •• 78", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '"=1', " =1", "' =1", "＝1", "\u00a0+1"],
)
def test_what_a_spreadsheet_would_run_has_an_apostrophe_in_front(value: str) -> None:
    assert csv_export.csv_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["Lund", "a=b", "abc-123", "", " Lund", '"Bo"', "12"])
def test_what_is_no_formula_stays(value: str) -> None:
    assert csv_export.csv_cell(value) == value


def test_every_cell_is_quoted_so_that_none_begins_at_a_comma() -> None:
    assert "".join(csv_export.csv_chunks([["Lund,=1+1", 'a"b']])) == '\ufeff"Lund,=1+1";"a""b"\r\n'
    assert read(["a;b", 'c"d', "e\nf"]) == [["a;b", 'c"d', "e\nf"]]


def test_times_are_local_and_iso_and_booleans_are_words() -> None:
    at = datetime(2026, 7, 1, 22, 30, 15, tzinfo=UTC)
    with translation.override("da"):
        assert read([at, at.date(), True, False, None, 1234]) == [
            ["2026-07-02T00:30:15+02:00", "2026-07-01", in_da("Yes"), in_da("No"), "", "1234"]
        ]


def test_a_link_is_its_text() -> None:
    assert csv_export.csv_cell(format_html('<a href="/x/">{}</a>', "Lund & Søn")) == "Lund & Søn"


def test_the_file_begins_before_its_last_row_is_read() -> None:
    taken: list[int] = []

    def rows() -> Iterator[list[int]]:
        for number in range(10_000):
            taken.append(number)
            yield [number]

    chunks = csv_export.csv_chunks(rows())
    next(chunks)
    assert len(taken) == 1
    next(chunks)
    assert len(taken) < 1000
    assert sum(chunk.count("\n") for chunk in chunks) > 9000


def test_a_file_is_in_the_language_of_its_request_though_that_is_over() -> None:
    with translation.override("en"):
        answer = csv_export.csv_response("people", ["a"], ([value] for value in (True, False)))
    with translation.override("da"):
        text = b"".join(answer).decode()
        assert translation.get_language() == "da"
    assert text.splitlines()[1:] == ['"Yes"', '"No"']
