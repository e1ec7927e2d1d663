"""Operators give an account its role in the admin."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_sms.models import SmsDevice
from tests.fixtures import Walk
from tests.helpers import is_signed_in

pytestmark = pytest.mark.django_db


def test_a_role_is_given_with_its_event(employee: Account, capsys: Any) -> None:
    call_command("give_role", "EMP789", "Helpdesk")
    employee.refresh_from_db()
    assert employee.is_staff
    assert [group.name for group in employee.groups.all()] == ["Helpdesk"]
    assert employee.has_perm("helpdesk.unlock_account")
    event = SecurityEvent.objects.get(kind="role_granted")
    assert (event.account, event.reason) == (employee, "Helpdesk")


def test_another_role_takes_the_place_of_the_first_and_none_takes_it_away(employee: Account, capsys: Any) -> None:
    call_command("give_role", "emp789", "Helpdesk lead")
    call_command("give_role", "emp789", "Auditor")
    assert [group.name for group in employee.groups.all()] == ["Auditor"]
    call_command("give_role", "emp789", "none")
    employee.refresh_from_db()
    assert not employee.is_staff
    assert not employee.groups.exists()


def test_the_sessions_of_the_account_end(walk: Walk, phone: SmsDevice, capsys: Any) -> None:
    walk.signed_in(phone)
    call_command("give_role", phone.user.username, "Auditor")
    assert not is_signed_in(walk.browser)


def test_an_unknown_account_and_an_unknown_role_are_refused(employee: Account, capsys: Any) -> None:
    for arguments in (("nobody1", "Helpdesk"), ("emp789", "King")):
        with pytest.raises(CommandError):
            call_command("give_role", *arguments)
    assert not SecurityEvent.objects.filter(kind="role_granted").exists()


def test_a_deactivated_account_gets_no_role(employee: Account) -> None:
    Account.objects.update(is_active=False)
    with pytest.raises(CommandError):
        call_command("give_role", "emp789", "Helpdesk")
