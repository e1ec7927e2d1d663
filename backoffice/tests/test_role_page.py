"""Administrators give roles in the admin: after a step-up, with an event, and never to themselves."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from backoffice import role_assignment, roles
from helpdesk.tests.people import agent_of, browser_of
from mfa_sms.models import SmsDevice
from tests.fixtures import Browser, Outbox, Walk
from tests.helpers import is_signed_in


@pytest.fixture
def administrator(db: None) -> Account:
    return agent_of(roles.ADMINISTRATOR, "adm111")


@pytest.fixture
def desk(administrator: Account, sms_outbox: Outbox) -> Browser:
    return browser_of(administrator, sms_outbox)


def page_of(account: Account) -> str:
    return reverse("admin:backoffice_role", args=[account.pk])


def give(desk: Browser, account: Account, role: str) -> Any:
    return desk.post(page_of(account), {"role": role})


def given() -> list[tuple[Account | None, Account | None, str, str]]:
    events = SecurityEvent.objects.filter(kind="role_granted").order_by("pk")
    return [(event.actor, event.account, event.reason, event.detail) for event in events]


def test_a_role_is_given_and_taken_away_with_an_event_and_the_sessions_end(
    desk: Browser, administrator: Account, walk: Walk, phone: SmsDevice
) -> None:
    account = phone.user
    walk.signed_in(phone)
    assert page_of(account) in desk.get(reverse("admin:accounts_account_change", args=[account.pk])).content.decode()
    assert give(desk, account, roles.HELPDESK).status_code == 302
    account.refresh_from_db()
    assert (account.is_staff, role_assignment.current_role(account)) == (True, roles.HELPDESK)
    assert not is_signed_in(walk.browser)
    assert give(desk, account, roles.NO_ROLE).status_code == 302
    account.refresh_from_db()
    assert (account.is_staff, role_assignment.current_role(account)) == (False, roles.NO_ROLE)
    assert given() == [
        (administrator, account, roles.HELPDESK, roles.NO_ROLE),
        (administrator, account, roles.NO_ROLE, roles.HELPDESK),
    ]


def test_nobody_changes_their_own_role_or_that_of_a_superuser(desk: Browser, administrator: Account) -> None:
    boss = agent_of("", "sup333", is_superuser=True)
    with translation.override("en"):
        own = _("You cannot change your own role. Ask another administrator.")
        superuser = _("Only an operator changes the role of a superuser.")
    assert own in give(desk, administrator, roles.NO_ROLE).content.decode()
    assert superuser in give(desk, boss, roles.HELPDESK).content.decode()
    assert role_assignment.current_role(administrator) == roles.ADMINISTRATOR
    assert given() == []


def test_a_deactivated_account_gets_no_role(desk: Browser, student: Account) -> None:
    Account.objects.filter(pk=student.pk).update(is_active=False)
    assert give(desk, student, roles.HELPDESK).status_code == 200
    assert give(desk, student, "King").status_code == 200
    assert given() == []


def test_an_old_proof_leads_to_a_step_up_and_changes_nothing(
    desk: Browser, student: Account, settings: Settings
) -> None:
    settings.STEP_UP_LIFE *= 0
    response = give(desk, student, roles.HELPDESK)
    assert (response.status_code, response["Location"]) == (302, reverse("sign_in:verify"))
    assert given() == []


@pytest.mark.parametrize("role", [roles.HELPDESK, roles.LEAD, roles.AUDITOR])
def test_no_other_role_gives_roles(sms_outbox: Outbox, student: Account, role: str) -> None:
    browser = browser_of(agent_of(role, "agt111"), sms_outbox)
    assert browser.get(page_of(student)).status_code == 403
    assert give(browser, student, roles.HELPDESK).status_code == 403
    assert given() == []


def test_a_translator_gets_no_access_to_the_admin_and_the_role_is_known(desk: Browser, employee: Account) -> None:
    assert give(desk, employee, roles.TRANSLATOR).status_code == 302
    employee.refresh_from_db()
    assert not employee.is_staff
    assert role_assignment.current_role(employee) == roles.TRANSLATOR
