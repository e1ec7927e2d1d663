"""Active Directory: who can sign in, and how its people become accounts. Samba is the domain controller."""

import unicodedata

from pytest_django.fixtures import Settings

from accounts.account_names import parse_account_name
from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from directory.sync import sync_directory
from directory.tests.conftest import PASSWORD
from directory.tests.samba import Samba
from sign_in.password_check import PasswordOutcome, check_password
from tests.fixtures import MakeAccount


def outcome(username: str, password: str = PASSWORD) -> PasswordOutcome:
    return check_password(parse_account_name(f"{username}@alumni.ku.dk"), password, ClientInfo()).outcome


def reason() -> str:
    return SecurityEvent.objects.order_by("-pk").values_list("reason", flat=True)[0]


def test_the_right_password_is_right_and_any_other_is_wrong(active_directory: Samba, make_account: MakeAccount) -> None:
    make_account("adr001", is_student=True)
    active_directory.add("adr001", PASSWORD)
    assert outcome("adr001") is PasswordOutcome.RIGHT
    assert outcome("adr001", unicodedata.normalize("NFD", PASSWORD)) is PasswordOutcome.RIGHT
    assert outcome("adr001", "wrong") is PasswordOutcome.WRONG
    assert reason() == "wrong"


def test_r5_a_password_older_than_allowed_must_be_changed(
    active_directory: Samba, make_account: MakeAccount, settings: Settings
) -> None:
    make_account("ado001", is_student=True)
    active_directory.add("ado001", PASSWORD)
    settings.PASSWORD_MAX_AGE_DAYS = -1
    assert outcome("ado001") is PasswordOutcome.TOO_OLD


def test_a_password_that_must_be_changed_at_the_next_logon_must_be_changed(
    active_directory: Samba, make_account: MakeAccount
) -> None:
    make_account("adm001", is_student=True)
    active_directory.add("adm001", PASSWORD, "--must-change-at-next-login")
    assert outcome("adm001") is PasswordOutcome.TOO_OLD
    assert outcome("adm001", "wrong") is PasswordOutcome.WRONG


def test_a_disabled_account_looks_like_a_wrong_password(active_directory: Samba, make_account: MakeAccount) -> None:
    make_account("add001", is_student=True)
    active_directory.add("add001", PASSWORD)
    active_directory.tool("user", "disable", "add001")
    assert outcome("add001") is PasswordOutcome.WRONG
    assert reason() == "directory_disabled"


def test_a_locked_account_looks_like_a_wrong_password(active_directory: Samba, make_account: MakeAccount) -> None:
    make_account("adl001", is_student=True)
    active_directory.add("adl001", PASSWORD)
    for number in range(3):
        outcome("adl001", f"wrong {number}")
    assert outcome("adl001") is PasswordOutcome.WRONG
    assert reason() == "directory_locked"


def test_people_get_accounts_keep_them_when_renamed_and_lose_them_when_disabled(
    active_directory: Samba, settings: Settings, db: None
) -> None:
    settings.IMPORT_ROWS_IN_REQUEST = 100
    settings.DIRECTORY_FILTER = "(&(objectClass=user)(company=sync))"
    for username, name in (("ads001", "Søren"), ("ads002", "Sara")):
        details = ("--job-title=student", "--company=sync", f"--given-name={name}", "--surname=Ågård")
        active_directory.add(username, PASSWORD, *details)
    assert sync_directory()
    account = Account.objects.get(username="ads001")
    assert (account.get_full_name(), account.is_student, len(account.directory_id or "")) == ("Søren Ågård", True, 36)
    assert outcome("ads001") is PasswordOutcome.RIGHT
    active_directory.tool("user", "rename", "ads001", "--samaccountname=ads009")
    active_directory.tool("user", "disable", "ads009")
    sync_directory()
    renamed = Account.objects.filter(pk=account.pk, is_active=True).values_list("username", flat=True)
    assert list(renamed) == ["ads001"], "half of the people are gone, so nothing is applied"
    active_directory.tool("user", "enable", "ads009")
    assert sync_directory()
    assert Account.objects.get(pk=account.pk).username == "ads009"
