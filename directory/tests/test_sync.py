"""The accounts follow the directory: people come, change, are renamed and leave."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from account_import.models import AccountImport
from accounts.models import Account
from directory.sync import sync_directory
from directory.tests.people import add, change, clear
from directory.tests.slapd import PEOPLE, Slapd
from tests.fixtures import MakeAccount

ONLY = "(&(objectClass=inetOrgPerson)(title=sync))"


@pytest.fixture
def people(directory: Slapd, settings: Settings, db: None) -> Iterator[Slapd]:
    """Let the synchronization read only the people that the test adds."""
    settings.DIRECTORY_FILTER = ONLY
    settings.IMPORT_ROWS_IN_REQUEST = 100
    yield directory
    clear(directory, ONLY)


@pytest.fixture
def anna(people: Slapd) -> str:
    add(people, "anna01", title="sync", preferredLanguage="en-GB")
    return "anna01"


@pytest.fixture
def others(make_account: MakeAccount) -> None:
    """Create accounts of staff, who are never deactivated, so that one account is not a large part of all."""
    for number in range(10):
        make_account(f"staff{number}", is_student=True, is_staff=True)


def test_a_person_of_the_directory_gets_an_account(anna: str) -> None:
    assert sync_directory()
    account = Account.objects.get(username=anna)
    assert (account.first_name, account.last_name, account.email) == ("Freja", "Lund", "anna01@example.org")
    assert (account.is_student, account.is_employee, account.language) == (True, False, "en")
    assert account.directory_id
    assert not account.has_usable_password()


def test_a_second_run_changes_nothing(anna: str) -> None:
    sync_directory()
    before = list(Account.objects.values())
    assert sync_directory()
    assert list(Account.objects.values()) == before
    assert AccountImport.objects.latest("pk").summary["counts"]["unchanged"] == 1


def test_a_person_who_is_renamed_keeps_the_account(people: Slapd, anna: str) -> None:
    sync_directory()
    account = Account.objects.get(username=anna)
    people.modify(f"dn: uid={anna},{PEOPLE}\nchangetype: modrdn\nnewrdn: uid=anna02\ndeleteoldrdn: 1\n")
    assert sync_directory()
    assert Account.objects.get().pk == account.pk
    assert Account.objects.get().username == "anna02"


def test_a_person_who_left_is_deactivated_and_signed_out(anna: str, others: None, make_account: MakeAccount) -> None:
    gone = make_account("left01", is_student=True)
    assert sync_directory()
    after = Account.objects.get(pk=gone.pk)
    assert not after.is_active
    assert after.session_epoch > gone.session_epoch


def test_a_person_whose_account_is_locked_for_good_counts_as_gone(people: Slapd, anna: str, others: None) -> None:
    add(people, "bo0001", title="sync")
    sync_directory()
    change(people, anna, "add: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z")
    assert sync_directory()
    assert not Account.objects.get(username=anna).is_active


def test_if_half_of_the_people_are_missing_nobody_is_deactivated(anna: str, make_account: MakeAccount) -> None:
    make_account("still1", is_student=True)
    assert not sync_directory()
    assert Account.objects.get(username="still1").is_active
    assert AccountImport.objects.get().state == AccountImport.State.READY


def test_the_next_run_replaces_an_import_that_waits(anna: str, make_account: MakeAccount) -> None:
    make_account("still1", is_student=True)
    sync_directory()
    sync_directory()
    states = AccountImport.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [AccountImport.State.DROPPED, AccountImport.State.READY]


def test_a_username_that_someone_else_had_before_is_not_given_the_old_account(
    people: Slapd, anna: str, others: None, make_account: MakeAccount
) -> None:
    add(people, "bo0001", title="sync")
    former = make_account(anna, is_student=True, directory_id="6f3d9c0e-0000-4000-8000-000000000001")
    assert sync_directory()
    assert not Account.objects.get(pk=former.pk).is_active
    assert AccountImport.objects.get().summary["counts"]["reused"] == 1


def test_an_entry_that_cannot_be_imported_does_not_stop_the_others(people: Slapd, anna: str) -> None:
    change(people, anna, "replace: mail\nmail: not an address")
    add(people, "bad name", title="sync")
    assert sync_directory()
    assert Account.objects.get().email == ""


def test_a_directory_that_is_down_changes_nothing(people: Slapd, anna: str, settings: Settings) -> None:
    sync_directory()
    settings.DIRECTORY_READER_PASSWORD = "not the reader's"
    assert not sync_directory()
    assert Account.objects.get().is_active


def test_the_command_shows_what_would_change(anna: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sync_directory", "--dry-run")
    assert "anna01" in capsys.readouterr().out
    assert not Account.objects.exists()


def test_the_command_fails_without_a_directory(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("sync_directory")
