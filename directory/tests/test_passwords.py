"""Passwords are compared in the directory: accepted and refused sign-ins, and what a refusal reveals."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from accounts.account_names import parse_account_name
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from directory.tests.conftest import PASSWORD
from directory.tests.people import add
from directory.tests.slapd import PEOPLE, Slapd, free_port
from sign_in.password_check import PasswordOutcome, check_password
from tests.fixtures import MakeAccount

Outcome = PasswordOutcome


def outcome(username: str, password: str = PASSWORD) -> PasswordOutcome:
    return check_password(parse_account_name(f"{username}@alumni.ku.dk"), password, ClientInfo()).outcome


def reason() -> str:
    return SecurityEvent.objects.order_by("-pk").values_list("reason", flat=True)[0]


def generalized(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H%M%SZ")


def test_the_right_password_of_the_directory_is_right(directory: Slapd, make_account: MakeAccount) -> None:
    make_account("right1", is_student=True)
    add(directory, "right1")
    assert outcome("right1") is Outcome.RIGHT
    assert outcome("right1", unicodedata.normalize("NFD", PASSWORD)) is Outcome.RIGHT


def test_the_password_in_the_portals_own_database_opens_nothing(directory: Slapd, make_account: MakeAccount) -> None:
    make_account("local1", is_student=True, password="only-in-the-database")
    add(directory, "local1")
    assert outcome("local1", "only-in-the-database") is Outcome.WRONG


@pytest.mark.parametrize("password", ["", "wrong", "x" * 5000, "null\0" + PASSWORD, "*", ")(uid=*"])
def test_any_other_password_is_wrong(directory: Slapd, make_account: MakeAccount, password: str) -> None:
    make_account("wrong1", is_student=True)
    assert outcome("wrong1", password) is Outcome.WRONG


def test_someone_who_is_in_the_directory_but_has_no_account_is_unknown(directory: Slapd, db: None) -> None:
    add(directory, "noacc1")
    assert outcome("noacc1") is Outcome.WRONG


def test_a_person_who_moved_to_another_part_still_gets_in(directory: Slapd, make_account: MakeAccount) -> None:
    make_account("moved1", is_student=True)
    add(directory, "moved1")
    directory.modify(
        f"dn: uid=moved1,{PEOPLE}\nchangetype: modrdn\nnewrdn: uid=moved1\ndeleteoldrdn: 0\n"
        f"newsuperior: ou=elsewhere,dc=ku,dc=dk\n"
    )
    assert outcome("moved1") is Outcome.RIGHT


def test_a_bind_name_of_the_settings_needs_no_search(
    directory: Slapd, make_account: MakeAccount, settings: Settings
) -> None:
    settings.DIRECTORY_BIND = f"uid={{username}},{PEOPLE}"
    settings.DIRECTORY_READER_PASSWORD = "not the reader's"
    make_account("bound1", is_student=True)
    add(directory, "bound1")
    assert outcome("bound1") is Outcome.RIGHT


def test_r5_a_password_older_than_a_year_must_be_changed(directory: Slapd, make_account: MakeAccount) -> None:
    make_account("old001", is_student=True)
    old = generalized(datetime.now(UTC) - timedelta(days=366))
    add(directory, "old001", f"replace: pwdChangedTime\npwdChangedTime: {old}")
    assert outcome("old001") is Outcome.TOO_OLD


def test_a_password_that_an_administrator_set_must_be_changed(directory: Slapd, make_account: MakeAccount) -> None:
    make_account("reset1", is_student=True)
    add(directory, "reset1", "add: pwdReset\npwdReset: TRUE")
    assert outcome("reset1") is Outcome.TOO_OLD


def test_an_account_that_the_directory_locked_looks_like_a_wrong_password(
    directory: Slapd, make_account: MakeAccount
) -> None:
    make_account("lock01", is_student=True)
    add(directory, "lock01", "add: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z")
    assert outcome("lock01") is Outcome.WRONG
    assert reason() == "directory_locked"


def test_a_username_that_was_given_to_someone_else_does_not_open_the_old_account(
    directory: Slapd, make_account: MakeAccount
) -> None:
    make_account("reuse1", is_student=True, directory_id="6f3d9c0e-0000-4000-8000-000000000001")
    add(directory, "reuse1")
    assert outcome("reuse1") is Outcome.WRONG
    assert reason() == "directory_other"


def test_a_new_password_in_the_directory_satisfies_the_helpdesk(directory: Slapd, make_account: MakeAccount) -> None:
    account = make_account("renew1", is_student=True, must_renew_since=datetime.now(UTC) - timedelta(minutes=5))
    add(directory, "renew1")
    assert outcome("renew1") is Outcome.RIGHT
    account.must_renew_since = datetime.now(UTC) + timedelta(minutes=5)
    account.save()
    assert outcome("renew1") is Outcome.MUST_RENEW


def test_the_second_server_answers_if_the_first_is_down(
    directory: Slapd, make_account: MakeAccount, settings: Settings
) -> None:
    settings.DIRECTORY_URLS = [f"ldaps://127.0.0.1:{free_port()}", directory.url]
    make_account("second", is_student=True)
    add(directory, "second")
    assert outcome("second") is Outcome.RIGHT
