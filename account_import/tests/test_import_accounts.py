"""`manage.py import_accounts`: the effects of a file, and the checks that reject a bad one."""

import unicodedata
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from pytest_django.fixtures import Settings

from account_import import events as import_events
from account_import import plan, rows, writing
from account_import.records import NOT_UTF_8, BadFile
from accounts.models import Account
from audit.models import SecurityEvent
from tests.interface import in_da

HEADER = "username,first_name,last_name,email,student,employee,language"
ANNA = "abc123,Anna,Lund,anna@example.dk,1,0,da"
BO = "bcd234,Bo,Krogh,bo@example.dk,0,1,en"
CPR = "010190-1234"

Import = Callable[..., str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "accounts.csv"


@pytest.fixture
def import_file(file: Path) -> Import:
    """Write the lines below the header, or `content` as the whole file. Import it and return the printed output."""

    def run(*lines: str, content: bytes | None = None, header: str = HEADER, **options: Any) -> str:
        file.write_bytes("\n".join([header, *lines, ""]).encode() if content is None else content)
        out = StringIO()
        call_command("import_accounts", str(file), stdout=out, stderr=StringIO(), **options)
        return out.getvalue()

    return run


@pytest.fixture
def refusal(import_file: Import) -> Import:
    """Import a file that must be refused. Return the error message."""

    def run(*lines: str, **options: Any) -> str:
        before = snapshot()
        with pytest.raises(CommandError) as refused:
            import_file(*lines, **options)
        assert snapshot() == before, "a refused import changed something"
        assert refused.value.returncode == 1
        return str(refused.value)

    return run


def snapshot() -> tuple[list[Any], int]:
    return list(Account.objects.order_by("pk").values_list()), SecurityEvent.objects.count()


def reasons(username: str) -> list[str]:
    events = SecurityEvent.objects.filter(account__username=username, kind=import_events.ACCOUNT_IMPORTED)
    return list(events.order_by("pk").values_list("reason", flat=True))


def many(count: int) -> list[str]:
    return [f"many{number:03},Maja,Holm,,1,0," for number in range(count)]


def account(username: str = "abc123", **fields: Any) -> Account:
    return Account.objects.create_user(username, **{"is_student": True, **fields})


# --- effects of a file ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_new_row_becomes_an_active_account_that_cannot_sign_in_before_a_reset(import_file: Import) -> None:
    import_file("ABC123,Anna,Lund,anna@example.dk,1,0,en")
    anna = Account.objects.get(username="abc123")
    assert (anna.first_name, anna.last_name, anna.email, anna.language) == ("Anna", "Lund", "anna@example.dk", "en")
    assert (anna.is_student, anna.is_employee, anna.is_active, anna.is_staff) == (True, False, True, False)
    assert not anna.has_usable_password()
    assert anna.password_changed_at is None
    assert reasons("abc123") == ["created"]


@pytest.mark.django_db
def test_a_second_import_of_the_same_file_does_nothing(import_file: Import) -> None:
    import_file(ANNA, BO)
    before = snapshot()
    assert "unchanged:   2" in import_file(ANNA, BO)
    assert snapshot() == before


@pytest.mark.django_db
def test_only_the_fields_that_differ_are_written(import_file: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    import_file(ANNA)
    Account.objects.filter(username="abc123").update(is_staff=True, password="kept", session_epoch=7)
    written = []
    bulk_update = Account.objects.bulk_update

    def recorded(accounts: list[Account], names: tuple[str, ...]) -> int:
        written.append(names)
        return bulk_update(accounts, names)

    monkeypatch.setattr(Account.objects, "bulk_update", recorded)
    printed = import_file("abc123,Anna,Holm,anna@example.dk,1,1,da")
    assert "changed:     1 (last_name 1, is_employee 1)" in printed
    assert written == [("last_name", "is_employee")]
    anna = Account.objects.get(username="abc123")
    assert (anna.first_name, anna.last_name, anna.is_employee) == ("Anna", "Holm", True)
    assert (anna.is_staff, anna.password, anna.session_epoch) == (True, "kept", 7)
    assert reasons("abc123") == ["created", "changed"]


@pytest.mark.django_db
def test_accounts_that_change_in_different_fields_each_get_their_own(import_file: Import) -> None:
    import_file(ANNA, BO)
    import_file("abc123,Anne,Lund,anna@example.dk,1,0,da", "bcd234,Bo,Krogh,,0,1,en")
    assert Account.objects.get(username="abc123").first_name == "Anne"
    assert Account.objects.get(username="abc123").email == "anna@example.dk"
    assert Account.objects.get(username="bcd234").first_name == "Bo"
    assert Account.objects.get(username="bcd234").email == ""


@pytest.mark.django_db
def test_an_empty_language_is_danish_for_a_new_account_and_leaves_an_existing_one_alone(import_file: Import) -> None:
    account("bcd234", language="en")
    import_file("abc123,Anna,Lund,,1,0,", "bcd234,Bo,Krogh,,1,0,")
    assert Account.objects.get(username="abc123").language == "da"
    assert Account.objects.get(username="bcd234").language == "en"


@pytest.mark.django_db
def test_a_deactivated_account_that_is_in_the_file_again_is_reactivated_with_what_the_file_says(
    import_file: Import,
) -> None:
    account(is_active=False, session_epoch=3, first_name="Old")
    assert "reactivated: 1" in import_file(ANNA)
    anna = Account.objects.get(username="abc123")
    assert (anna.is_active, anna.first_name) == (True, "Anna")
    assert reasons("abc123") == ["reactivated"]


@pytest.mark.django_db
def test_a_session_from_before_a_deactivation_stays_ended_after_the_reactivation(import_file: Import) -> None:
    import_file(ANNA)
    before = Account.objects.get(username="abc123")
    Account.objects.filter(username="abc123").update(is_active=False)
    import_file(ANNA)
    after = Account.objects.get(username="abc123")
    assert after.is_active
    assert after.get_session_auth_hash() != before.get_session_auth_hash()


@pytest.mark.django_db
def test_accounts_that_are_not_in_the_file_are_left_alone_unless_asked_for(import_file: Import) -> None:
    import_file(ANNA, BO)
    import_file(ANNA)
    assert Account.objects.get(username="bcd234").is_active
    assert reasons("bcd234") == ["created"]


@pytest.mark.django_db
def test_a_missing_account_is_deactivated_and_its_sessions_end(import_file: Import) -> None:
    import_file(*many(9), BO)
    before = Account.objects.get(username="bcd234")
    assert "deactivated: 1" in import_file(*many(9), deactivate_missing=True)
    after = Account.objects.get(username="bcd234")
    assert not after.is_active
    assert after.get_session_auth_hash() != before.get_session_auth_hash()
    assert reasons("bcd234") == ["created", "deactivated"]


@pytest.mark.django_db
def test_who_is_deactivated_already_is_not_deactivated_again(import_file: Import) -> None:
    import_file(*many(9), BO)
    import_file(*many(9), deactivate_missing=True)
    before = snapshot()
    assert "deactivated: 0" in import_file(*many(9), deactivate_missing=True)
    assert snapshot() == before


@pytest.mark.django_db
def test_staff_accounts_stay_active_when_the_file_lacks_them_and_are_named(import_file: Import) -> None:
    account("adm001", is_staff=True)
    printed = import_file(ANNA, deactivate_missing=True, force=True)
    assert Account.objects.get(username="adm001").is_active
    assert "kept:        1 staff accounts are not in the file and stay active\n    adm001\n" in printed
    assert reasons("adm001") == []


# --- the limit of --deactivate-missing -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_tenth_of_the_active_accounts_may_be_deactivated_and_not_one_more(
    import_file: Import, refusal: Import
) -> None:
    import_file(*many(20))
    account("old001", is_active=False)
    assert "3 of 20 active accounts are not in the file" in refusal(*many(17), deactivate_missing=True)
    assert "deactivated: 2" in import_file(*many(18), deactivate_missing=True)


@pytest.mark.django_db
def test_force_deactivates_more_than_a_tenth(import_file: Import) -> None:
    import_file(*many(20))
    assert "deactivated: 19" in import_file(*many(1), deactivate_missing=True, force=True)
    assert Account.objects.filter(is_active=True).count() == 1


@pytest.mark.django_db
def test_a_file_that_shrinks_again_and_again_is_stopped_within_a_day(import_file: Import, refusal: Import) -> None:
    import_file(*many(100))
    import_file(*many(94), deactivate_missing=True)
    assert "6 were deactivated within a day" in refusal(*many(88), deactivate_missing=True)
    assert Account.objects.filter(is_active=True).count() == 94


@pytest.mark.django_db
def test_the_share_that_may_leave_is_a_setting(import_file: Import, settings: Settings) -> None:
    settings.IMPORT_MISSING_PERCENT_MAX = 60
    import_file(*many(10))
    assert "deactivated: 5" in import_file(*many(5), deactivate_missing=True)


@pytest.mark.django_db
def test_a_file_with_no_row_deactivates_nobody_without_force(import_file: Import, refusal: Import) -> None:
    import_file(ANNA)
    for number in range(30):
        account(f"adm{number:03}", is_staff=True)
    assert "1 of 31 active accounts are not in the file" in refusal(deactivate_missing=True)
    assert "deactivated: 1" in import_file(deactivate_missing=True, force=True)


@pytest.mark.django_db
def test_a_file_with_no_row_does_nothing(import_file: Import) -> None:
    import_file(ANNA)
    before = snapshot()
    assert "unchanged:   0" in import_file()
    assert snapshot() == before


# --- --dry-run -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_dry_run_prints_what_would_change_and_applies_nothing(import_file: Import) -> None:
    import_file(*many(20), BO, "cde345,Cæcilie,Dahl,,1,0,da")
    account("off001", is_active=False)
    before = snapshot()
    lines = [*many(20), "bcd234,Bo,Dam,,0,1,en", ANNA, "off001,Ole,Friis,,1,0,"]
    printed = import_file(*lines, dry_run=True, deactivate_missing=True)
    assert snapshot() == before
    assert printed.splitlines() == [
        "created:     1",
        "    abc123",
        "changed:     1 (last_name 1, email 1)",
        "    bcd234: last_name, email",
        "reactivated: 1 (first_name 1, last_name 1)",
        "    off001: first_name, last_name",
        "deactivated: 1",
        "    cde345",
        "unchanged:   20",
        "Dry run: nothing was applied.",
    ]


@pytest.mark.django_db
def test_a_dry_run_names_the_first_twenty_by_username(import_file: Import) -> None:
    printed = import_file(*reversed(many(23)), dry_run=True).splitlines()
    assert printed[:2] == ["created:     23", "    many000"]
    assert printed[20:22] == ["    many019", "    and 3 more"]


@pytest.mark.django_db
def test_a_dry_run_says_that_the_import_would_be_refused_and_shows_whom_the_file_lacks(
    import_file: Import, file: Path
) -> None:
    import_file(ANNA, BO)
    file.write_text(f"{HEADER}\n{ANNA}\n")
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 2 active accounts"):
        call_command("import_accounts", str(file), dry_run=True, deactivate_missing=True, stdout=out)
    assert "deactivated: 1\n    bcd234\n" in out.getvalue()
    assert "deactivated: 1" in import_file(ANNA, dry_run=True, deactivate_missing=True, force=True)


@pytest.mark.django_db
def test_an_existing_username_that_looks_like_a_cpr_number_is_not_printed(import_file: Import) -> None:
    account("x0101901234")
    printed = import_file(ANNA, dry_run=True, deactivate_missing=True, force=True)
    assert "deactivated: 1\n    (looks like a CPR number)\n" in printed
    assert "0101901234" not in printed


# --- accepted formats
# --------------------------------------------------------------------------------------------------


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


# --- bad rows --------------------------------------------------------------------------------------------------------


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


# --- bad files -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_an_empty_file_is_refused(refusal: Import, content: bytes) -> None:
    assert "the file is empty" in refusal(content=content, deactivate_missing=True, force=True)


@pytest.mark.django_db
def test_a_file_in_another_encoding_is_refused_at_its_header(refusal: Import) -> None:
    printed = refusal(content=f"{HEADER}\n{ANNA}\n".encode("utf-16"))
    assert printed.splitlines()[1:] == [f"line 1: {NOT_UTF_8}"]


@pytest.mark.django_db
def test_a_header_with_missing_unknown_and_repeated_columns_names_them_all(refusal: Import) -> None:
    printed = refusal(header=f"username,Username,first_name,last_name,email,phone,{CPR}")
    assert printed.splitlines()[1:] == [
        "line 1: unknown columns: 'phone', (looks like a CPR number); "
        "missing columns: student, employee, language; duplicate columns: username"
    ]


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"No such file or directory\. Nothing was applied\."):
        call_command("import_accounts", str(tmp_path / "none.csv"))


# --- all or nothing --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_account_that_someone_creates_meanwhile_stops_the_import_and_nothing_is_applied(
    import_file: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compare_then_lose_the_race(wanted: dict[str, rows.AccountRow], *, deactivate_missing: bool) -> plan.Plan:
        made = plan.make_plan(wanted, deactivate_missing=deactivate_missing)
        account("bcd234")
        return made

    monkeypatch.setattr(writing, "make_plan", compare_then_lose_the_race)
    with pytest.raises(CommandError, match=r"changed while the import ran\. Nothing was applied\."):
        import_file(ANNA, BO)
    assert not Account.objects.filter(username="abc123").exists()
    assert not SecurityEvent.objects.exists()


@pytest.mark.django_db
def test_when_an_event_cannot_be_written_no_account_is(import_file: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(accounts: list[Account], reason: str, actor: Account | None, names: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("account_import.events.accounts_imported", broken)
    with pytest.raises(ZeroDivisionError):
        import_file(ANNA)
    assert not Account.objects.exists()


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway")
@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_another_one(import_file: Import) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [writing._LOCK])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            import_file(ANNA)
    finally:
        other.close()
    import_file(ANNA)
    assert Account.objects.filter(username="abc123").exists()
    connection.close()


# --- progress --------------------------------------------------------------------------------------------------------


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.django_db
def test_progress_is_drawn_on_a_terminal(file: Path) -> None:
    file.write_text(f"{HEADER}\n{ANNA}\n")
    terminal = Terminal()
    call_command("import_accounts", str(file), stdout=StringIO(), stderr=terminal)
    assert "\rReading [" in terminal.getvalue()
    assert terminal.getvalue().endswith(f"\rWriting [{'#' * 40}] 100 %\n")


@pytest.mark.django_db
def test_nothing_but_errors_is_written_to_what_is_no_terminal(file: Path) -> None:
    file.write_text(f"{HEADER}\n{ANNA}\n")
    stderr = StringIO()
    call_command("import_accounts", str(file), stdout=StringIO(), stderr=stderr)
    assert stderr.getvalue() == ""


def test_a_bad_file_knows_its_problems_line_by_line(file: Path) -> None:
    file.write_text(f"{HEADER}\nbad\nworse\n")
    with pytest.raises(BadFile) as refused:
        rows.read_rows(file, lambda step, done, total: None)
    assert [problem.line for problem in refused.value.problems] == [2, 3]
