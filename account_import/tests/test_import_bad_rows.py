"""An import names each bad row of a file with its reasons, and applies nothing."""

from pathlib import Path

import pytest

from account_import.records import NOT_UTF_8
from account_import.tests.command import CPR, Import, many
from account_import.tests.files import ANNA, BO, HEADER
from accounts.models import Account


@pytest.mark.django_db
def test_a_bad_row_is_named_with_its_line_and_nothing_is_applied(refusal: Import, file: Path) -> None:
    printed = refusal(ANNA, "bcd234,Bo,Krogh,nowhere,0,1,en")
    assert printed == f"{file}: 1 bad line. Nothing was applied.\nline 3: email 'nowhere' is not an email address"


@pytest.mark.django_db
def test_every_bad_row_is_named_with_every_reason(refusal: Import) -> None:
    printed = refusal(ANNA, "b!,Bo,Krogh,,0,maybe,de", BO, "cde345,C,D,,0,0,")
    assert printed.splitlines()[1:] == [
        "line 3: username 'b!' is not a KU username; "
        "employee 'maybe' is not one of 1, 0, true, false, sand, falsk, yes, no, ja, nej, x; "
        "language 'de' is not one of da, en",
        "line 5: is neither student nor employee",
    ]


@pytest.mark.django_db
def test_lines_are_those_of_the_file_when_a_quoted_field_holds_line_ends(refusal: Import) -> None:
    printed = refusal('abc123,"Anna\nMarie\r\nSofie",Lund,,1,0,', 'bcd234,"Bo\nB",Krogh,,0,0,', "bad")
    assert [line.partition(":")[0] for line in printed.splitlines()[1:]] == ["line 5", "line 7"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Anna,Lund,,1,0,", "username is empty"),
        ("1abc,Anna,Lund,,1,0,", "username '1abc' is not a KU username"),
        (f"a{'b' * 32},Anna,Lund,,1,0,", f"username 'a{'b' * 32}' is not a KU username"),
        (f"abc123,{'A' * 151},Lund,,1,0,", "first_name is longer than 150 characters"),
        (f"abc123,Anna,{'L' * 151},,1,0,", "last_name is longer than 150 characters"),
        (f"abc123,Anna,Lund,a@{'b.' * 130}dk,1,0,", "email is longer than 254 characters"),
        ("abc123,Anna,Lund,,,,", "is neither student nor employee"),
        (
            "abc123,Anna,Lund,,perhaps,0,",
            "student 'perhaps' is not one of 1, 0, true, false, sand, falsk, yes, no, ja, nej, x",
        ),
        ("abc123,Anna,Lund,,1,0,dansk", "language 'dansk' is not one of da, en"),
        ("abc123,An\0na,Lund,,1,0,", "first_name has a control character, U+0000"),
        ("abc123,Anna,Lund,\x1b[2J,1,0,", "email has a control character, U+001B"),
        ("abc123,Anna,Lund,,1,0", "has 6 fields, the header has 7"),
        ("abc123,Anna,Lund,,1,0,,", "has 8 fields, the header has 7"),
        (
            'abc123,"Anna"x,Lund,,1,0,',
            "cannot be read as CSV; there may be an extra quotation mark: ',' expected after '\"'",
        ),
        (
            'abc123,"Anna,Lund,,1,0,',
            "cannot be read as CSV; there may be an extra quotation mark: unexpected end of data",
        ),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_its_reason(refusal: Import, row: str, reason: str) -> None:
    assert refusal(BO, row).splitlines()[1:] == [f"line 3: {reason}"]


@pytest.mark.django_db
@pytest.mark.parametrize("after", [[], ['cde345,"Cæcilie, C.",Dahl,,1,0,'], many(5000)], ids=["end", "quote", "limit"])
def test_rows_after_a_quote_that_is_not_closed_are_checked_too(refusal: Import, after: list[str]) -> None:
    printed = refusal(ANNA, 'bcd234,"Bo,Krogh,,1,0,', "bad", *after, "worse")
    assert [line.partition(":")[0] for line in printed.splitlines()[1:]] == [
        "line 3",
        "line 4",
        f"line {5 + len(after)}",
    ]


@pytest.mark.django_db
def test_a_language_is_read_in_any_case(import_file: Import) -> None:
    import_file("abc123,Anna,Lund,,1,0,EN")
    assert Account.objects.get().language == "en"


@pytest.mark.django_db
def test_a_space_after_a_comma_does_not_make_a_quote_part_of_the_name(import_file: Import) -> None:
    import_file('abc123, "Anna, A", Lund,,1,0,')
    assert Account.objects.get().first_name == "Anna, A"


@pytest.mark.django_db
def test_a_name_as_long_as_the_field_is_accepted(import_file: Import) -> None:
    import_file(f"a{'b' * 31},{'Å' * 150},Lund,,1,0,")
    assert Account.objects.get().first_name == "Å" * 150


@pytest.mark.django_db
def test_a_username_that_is_there_twice_is_named_with_both_lines_whatever_its_case(refusal: Import) -> None:
    printed = refusal(ANNA, BO, "ABC123,Anna,Lund,,1,0,", "abc123,Anna,Lund,,1,0,")
    assert printed.splitlines()[1:] == [
        "line 4: username 'abc123' is already on line 2",
        "line 5: username 'abc123' is already on line 2",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("cpr", [CPR, "0101901234", "010190 1234", "010190  1234"])
@pytest.mark.parametrize("column", ["username", "first_name", "last_name", "student", "employee", "language", "email"])
def test_what_looks_like_a_cpr_number_is_refused_and_never_printed(refusal: Import, cpr: str, column: str) -> None:
    cells = dict(zip(HEADER.split(","), ANNA.split(","), strict=True)) | {column: cpr}
    assert refusal(",".join(cells.values())).splitlines()[1:] == [f"line 2: {column} looks like a CPR number"]


@pytest.mark.django_db
def test_a_valid_username_with_a_cpr_number_in_it_is_refused_for_it_could_never_sign_in(refusal: Import) -> None:
    assert "line 2: username looks like a CPR number" in refusal("x0101901234,Anna,Lund,,1,0,")


@pytest.mark.django_db
def test_a_mail_address_with_a_phone_number_in_it_is_accepted(import_file: Import) -> None:
    import_file("abc123,Anna,Lund,4512345678@example.dk,1,0,")
    assert Account.objects.get().email == "4512345678@example.dk"


@pytest.mark.django_db
def test_the_first_line_that_is_not_utf_8_is_named_and_the_others_are_checked(refusal: Import) -> None:
    latin = "bcd234,Bo,Bækgård,,0,1,en".encode("latin-1")
    printed = refusal(content="\n".join([HEADER, ANNA, ""]).encode() + latin + b"\nbad,\n" + latin)
    assert printed.splitlines()[1:] == [
        f"line 3: {NOT_UTF_8}",
        "line 4: has 2 fields, the header has 7",
    ]
