"""The forms of a file that an import reads."""

import unicodedata

import pytest

from account_import.tests.command import Import
from account_import.tests.files import ANNA, HEADER
from accounts.models import Account
from tests.interface import in_da


@pytest.mark.django_db
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_commas_or_semicolons_and_either_line_end_and_a_byte_order_mark_are_read(
    import_file: Import, mark: bytes, end: str, separator: str
) -> None:
    lines = [HEADER.replace(",", separator), separator.join(["abc123", '"Anna, ""A""; B"', "Lund", "", "1", "", ""])]
    import_file(content=mark + end.join(lines).encode())
    assert Account.objects.get(username="abc123").first_name == 'Anna, "A"; B'
    assert Account.objects.get(username="abc123").last_name == "Lund"


@pytest.mark.django_db
def test_columns_come_in_any_order_and_the_header_in_any_case_and_spacing(import_file: Import) -> None:
    header = " Language ;EMPLOYEE;student; E Mail;Last Name;first_name;UserName"
    import_file("en;ja;nej;anna@example.dk;Lund;Anna;abc123", header=header)
    anna = Account.objects.get(username="abc123")
    assert (anna.first_name, anna.last_name, anna.email) == ("Anna", "Lund", "anna@example.dk")
    assert (anna.is_student, anna.is_employee, anna.language) == (False, True, "en")


@pytest.mark.django_db
def test_empty_lines_are_passed_over_and_counted(import_file: Import, refusal: Import) -> None:
    assert "created:     1" in import_file(content=f"\n  \n{HEADER};\n\n".replace(";", "").encode() + ANNA.encode())
    assert "line 4: " in refusal("", "   ", "bad")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((word, True) for word in ("1", "true", "YES", in_da("Yes"))),
        *((word, False) for word in ("0", "False", "no", "NEJ", "")),
    ],
)
def test_booleans_are_read_in_danish_and_english(import_file: Import, cell: str, value: bool) -> None:
    import_file(f"abc123,Anna,Lund,,{cell},1,")
    assert Account.objects.get(username="abc123").is_student is value


@pytest.mark.django_db
def test_names_are_trimmed_and_composed_and_stand_on_one_line(import_file: Import) -> None:
    decomposed = unicodedata.normalize("NFD", "Åse")
    import_file(f'abc123,"  {decomposed}\nMarie  ",\u00a0Lund ,,1,0,')
    anna = Account.objects.get(username="abc123")
    assert (anna.first_name, anna.last_name) == ("Åse Marie", "Lund")
