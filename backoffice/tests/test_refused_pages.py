"""The reference of every error page can be found, and each refusal to staff is an event."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit import refusals
from audit.models import RefusalCount, SecurityEvent
from backoffice import roles
from helpdesk.tests.people import agent_of, browser_of
from limits.models import LimitRefusal
from tests.fixtures import Browser, MakeAccount, Outbox, Walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db: None) -> Account:
    return agent_of(roles.HELPDESK, "agt111")


@pytest.fixture
def desk(agent: Account, sms_outbox: Outbox) -> Browser:
    return browser_of(agent, sms_outbox)


def reference_on(response: Any) -> str:
    found = re.search(r'class="reference">([^<]+)<', response.content.decode())
    assert found
    return found[1]


def refused() -> list[SecurityEvent]:
    return list(SecurityEvent.objects.filter(kind="access_refused").order_by("pk"))


def test_the_reference_of_a_missing_page_and_of_an_old_form_lead_to_a_count() -> None:
    stranger = Client(enforce_csrf_checks=True)
    for response, reason in ((stranger.get("/nowhere/"), "not_found"), (stranger.post("/sign-in/"), "csrf")):
        (row,) = refusals.counts_of_reference(reference_on(response))
        assert (row.kind, row.reason) == ("page_failed", reason)
    assert not SecurityEvent.objects.exists()


def test_a_page_that_says_to_start_again_leads_to_a_count(walk: Walk) -> None:
    response = walk.browser.post("/sign-in/password/")
    assert response.status_code == 409
    assert refusals.counts_of_reference(reference_on(response)).get().reason == "status_409"


def test_strangers_cannot_fill_the_table() -> None:
    for number in range(60):
        Client().get(f"/nowhere/{number}/")
    assert sum(row.count for row in RefusalCount.objects.all()) == 60
    assert RefusalCount.objects.count() <= 2  # the test may run over the end of a minute


def test_a_request_that_wrote_an_event_is_not_counted_too(walk: Walk, student: Account) -> None:
    walk.name(student)
    for _time in range(11):
        response = walk.password("wrong")
    assert response.status_code == 200 or SecurityEvent.objects.filter(reference=reference_on(response)).exists()
    assert not RefusalCount.objects.filter(kind="page_failed", reason="status_429").exists()


def test_what_is_refused_to_staff_is_an_event_with_the_page_and_the_account(
    desk: Browser, agent: Account, make_account: MakeAccount
) -> None:
    boss = make_account("boss11", is_staff=True)
    responses = [
        desk.post("/admin/accounts/account/export/"),
        desk.get(reverse("admin:helpdesk_action", args=[boss.pk, "reset"])),
        desk.get("/admin/sso/client/"),
    ]
    assert [response.status_code for response in responses] == [403, 403, 403]
    assert [(event.actor, event.account, event.detail) for event in refused()] == [
        (agent, None, "POST accounts_account_export"),
        (agent, boss, "GET helpdesk_action reset"),
        (agent, None, "GET sso_client_changelist"),
    ]
    assert [event.reference for event in refused()] == [reference_on(response) for response in responses]


def test_the_page_says_whom_to_ask_and_leads_back(desk: Browser, make_account: MakeAccount) -> None:
    boss = make_account("boss11", is_staff=True)
    page = desk.get(reverse("admin:helpdesk_action", args=[boss.pk, "reset"])).content.decode()
    with translation.override("en"):
        assert (
            _("Ask a lead of IT Support to do it, or an administrator of the login service to change your role.")
            in page
        )
    assert reverse("admin:accounts_account_change", args=[boss.pk]) in page
    assert reverse("admin:index") in page


def test_a_script_of_an_agent_cannot_fill_the_log(desk: Browser, settings: Settings) -> None:
    settings.STAFF_REFUSALS_PER_HOUR = 2
    responses = [desk.get("/admin/sso/client/") for _time in range(4)]
    assert len(refused()) == 2
    assert LimitRefusal.objects.filter(limit="staff_refusals").exists()
    assert all(refusals.counts_of_reference(reference_on(response)).exists() for response in responses[2:])


def test_who_is_no_staff_reads_what_they_always_read_and_writes_no_event(walk: Walk, phone: Any) -> None:
    walk.signed_in(phone)
    response = walk.get("/admin/")
    assert response.status_code == 403
    assert refused() == []
    assert refusals.counts_of_reference(reference_on(response)).exists()
