"""Files from a Danish Excel can be imported, or the error says how to save them."""

from io import BytesIO

import pytest

from account_import.records import NOT_UTF_8, BadFile
from account_import.rows import AccountRow, read_from
from account_import.tests.files import HEADER

COLUMNS = HEADER.replace(",", ";")


def read(content: bytes) -> dict[str, AccountRow]:
    return read_from(BytesIO(content), len(content), lambda step, done, total: None)


@pytest.mark.parametrize(("yes", "no"), [("SAND", "FALSK"), ("ja", "nej"), ("x", ""), ("X", ""), ("1", "0")])
def test_true_and_false_in_danish(yes: str, no: str) -> None:
    row = read(f"{COLUMNS}\nabc123;Søren;Ågård;;{yes};{no};da\n".encode())["abc123"]
    assert (row.is_student, row.is_employee) == (True, False)


def test_rows_of_delimiters_alone_are_skipped() -> None:
    assert list(read(f"{COLUMNS}\nabc123;Søren;Ågård;;1;0;da\n;;;;;;\n; ;;;;;\n".encode())) == ["abc123"]


def test_the_line_that_names_the_delimiter_is_skipped() -> None:
    assert list(read(f"sep=;\r\n{COLUMNS}\r\nabc123;Søren;Ågård;;1;0;da\r\n".encode())) == ["abc123"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_another_encoding_is_explained_once(encoding: str) -> None:
    rows = "".join(f"abc{number:03};Søren;Ågård;;1;0;da\n" for number in range(20))
    with pytest.raises(BadFile) as bad:
        read(f"{COLUMNS}\n{rows}".encode(encoding))
    assert [reason.msgid for problem in bad.value.problems for reason in problem.reasons] == [NOT_UTF_8]


def test_names_are_compared_in_one_form() -> None:
    composed = read(f"{COLUMNS}\nabc123;Søren;Ågård;;1;0;da\n".encode())
    assert read(f"{COLUMNS}\nabc123;Søren;A\u030aga\u030ard;;1;0;da\n".encode()) == composed
