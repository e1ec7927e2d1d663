"""Leads are notified of waiting requests and cases, see them in the header, and find them with a filter."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from django.utils.translation import ngettext, override
from time_machine import travel

from accounts import states
from accounts.models import Account
from helpdesk import announcements, rules
from helpdesk.models import Approval, Case
from helpdesk.tests.people import act_named, agent_of, browser_of, do, words
from notices.models import Notice
from tests.fixtures import Browser, Outbox

APPROVALS, CASES = "/admin/helpdesk/approval/", "/admin/helpdesk/case/"
COUNTED = ("%(count)s request waits for approval", "%(count)s requests wait for approval")


@pytest.fixture
def asking(lead: Account, sms_outbox: Outbox) -> Browser:
    return browser_of(lead, sms_outbox)


@pytest.fixture
def colleague(db: None) -> Account:
    return agent_of("", "col444", first_name="Kaj")


def mailed() -> list[list[str]]:
    return [message.to for message in mail.outbox]


def test_the_other_leads_get_a_mail_about_a_request(
    asking: Browser, lead: Account, other_lead: Account, agent: Account, colleague: Account
) -> None:
    do(asking, colleague, "reset")
    assert mailed() == [[other_lead.email]]
    body = str(mail.outbox[0].body)
    with override(other_lead.language):
        assert str(act_named("reset").verb) in body
    assert lead.get_full_name() in body
    assert "http" not in body
    do(asking, colleague, "reset")
    assert len(mail.outbox) == 1


def test_the_header_counts_the_requests_of_others_for_leads_only(
    asking: Browser, other_lead: Account, desk: Browser, colleague: Account, sms_outbox: Outbox
) -> None:
    do(asking, colleague, "reset")
    with override("en"):
        said = ngettext(*COUNTED, 1) % {"count": 1}
    assert said in words(browser_of(other_lead, sms_outbox).get("/admin/overview/"))
    assert said not in words(asking.get("/admin/overview/"))
    assert said not in words(desk.get("/admin/overview/"))


def test_approvals_are_filtered_by_standing(asking: Browser, lead: Account, other_lead: Account) -> None:
    accounts = {name: agent_of("", name) for name in ("open11", "done11", "mine11")}
    for name, asker, outcome in (
        ("open11", other_lead, ""),
        ("done11", other_lead, "refused"),
        ("mine11", lead, "used"),
    ):
        expires_at = timezone.now() + timedelta(hours=1)
        Approval.objects.create(
            action="reset", account=accounts[name], asked_by=asker, expires_at=expires_at, outcome=outcome
        )
    shown = {
        standing: {name for name in accounts if name in words(asking.get(APPROVALS, {"standing": standing}))}
        for standing in ("mine", "open", "closed")
    }
    assert shown == {"mine": {"mine11"}, "open": {"open11"}, "closed": {"done11", "mine11"}}


def test_cases_are_filtered_by_standing(desk: Browser, agent: Account, lead: Account) -> None:
    for name, fields in (
        ("open11", {}),
        ("mine11", {"taken_by": agent}),
        ("done11", {"taken_by": agent, "closed_at": timezone.now(), "closed_by": agent}),
    ):
        Case.objects.create(kind="opened", account=agent_of("", name, is_staff=False), **fields)
    shown = {
        standing: {
            name for name in ("open11", "mine11", "done11") if name in words(desk.get(CASES, {"standing": standing}))
        }
        for standing in ("mine", "open", "closed")
    }
    assert shown == {"mine": {"mine11"}, "open": {"open11", "mine11"}, "closed": {"done11"}}


def test_a_request_that_nobody_answers_is_announced_once(
    asking: Browser, lead: Account, other_lead: Account, colleague: Account
) -> None:
    do(asking, colleague, "reset")
    mail.outbox.clear()
    assert announcements.alert_waiting() == 0
    with travel(timezone.now() + rules.APPROVAL_LIFE + timedelta(seconds=1)):
        assert announcements.alert_waiting() == 1
        assert announcements.alert_waiting() == 0
    assert {notice.account for notice in Notice.objects.filter(kind="approval_expired")} == {lead, other_lead}


def test_a_case_that_nobody_takes_is_announced_once(agent: Account, lead: Account, student: Account) -> None:
    Case.objects.create(kind="opened", account=student, taken_by=agent)
    Case.objects.create(kind="opened", account=student)
    assert announcements.alert_waiting() == 0
    with travel(timezone.now() + settings.HELPDESK_ALERT_AFTER + timedelta(seconds=1)):
        assert announcements.alert_waiting() == 1
        assert announcements.alert_waiting() == 0
    assert [notice.account for notice in Notice.objects.filter(kind="case_waits")] == [lead]


def test_the_page_of_an_account_says_why_an_agent_does_nothing_and_whom_to_ask(
    desk: Browser, agent: Account, lead: Account, student: Account
) -> None:
    states.deactivate(student)
    for account in (agent, lead, student):
        page: Any = desk.get(f"/admin/accounts/account/{account.pk}/change/")
        with override("en"):
            why = rules.why_not(agent, account)
        assert why
        assert why.partition("’")[0] in words(page)
