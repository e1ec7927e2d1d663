"""An import applies all of a file or nothing, and says why."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection

from account_import import plan, rows, writing
from account_import.records import NOT_UTF_8, BadFile
from account_import.tests.command import CPR, Import, account
from account_import.tests.files import ANNA, BO, HEADER
from accounts.models import Account
from audit.models import SecurityEvent


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
