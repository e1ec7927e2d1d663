"""Imports that are larger than one batch change each account once and write one event each."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Count
from pytest_django import DjangoAssertNumQueries

from account_import.writing import _BATCH
from accounts.models import Account
from audit.models import SecurityEvent

ROWS = 2 * _BATCH + 300


def write(path: Path, surname: str, count: int = ROWS) -> Path:
    lines = [f"abc{number:04},Åse,{surname},abc{number:04}@example.dk,1,0,da" for number in range(count)]
    path.write_text("\n".join(["username,first_name,last_name,email,student,employee,language", *lines]))
    return path


def run(path: Path, **options: bool) -> str:
    out = StringIO()
    call_command("import_accounts", str(path), stdout=out, **options)
    return out.getvalue()


def events_per_account(reason: str) -> dict[int, int]:
    """Return the number of accounts by their number of events."""
    accounts = SecurityEvent.objects.filter(reason=reason).order_by().values("account").annotate(events=Count("pk"))
    numbers = [account["events"] for account in accounts]
    return {number: numbers.count(number) for number in set(numbers)}


@pytest.mark.django_db
def test_every_account_of_many_batches_gets_its_change_and_one_event_for_it(tmp_path: Path) -> None:
    assert f"created:     {ROWS}" in run(write(tmp_path / "1.csv", "Lund"))
    assert f"changed:     {ROWS} (last_name {ROWS})" in run(write(tmp_path / "2.csv", "Krogh"))
    assert Account.objects.filter(last_name="Krogh", session_epoch=0).count() == ROWS
    run(write(tmp_path / "3.csv", "Krogh", count=0), deactivate_missing=True, force=True)
    assert Account.objects.filter(is_active=False, session_epoch=1).count() == ROWS
    assert f"reactivated: {ROWS} (last_name {ROWS})" in run(write(tmp_path / "4.csv", "Dam"))
    assert Account.objects.filter(is_active=True, last_name="Dam").count() == ROWS
    for reason in ("created", "changed", "deactivated", "reactivated"):
        assert events_per_account(reason) == {1: ROWS}


@pytest.mark.django_db
def test_an_import_with_nothing_to_do_reads_the_accounts_in_one_query(
    tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    path = write(tmp_path / "1.csv", "Lund")
    run(path)
    with django_assert_max_num_queries(4):  # a savepoint, its release, the lock, the accounts
        assert f"unchanged:   {ROWS}" in run(path)
