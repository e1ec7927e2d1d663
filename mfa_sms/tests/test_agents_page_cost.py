"""The number of queries for an account's page, with much and with little to show."""

import pytest

from accounts.models import Account
from audit.models import SecurityEvent
from common import cached_value
from helpdesk.models import Case
from helpdesk.tests.people import agent_of
from mfa_pass.tests.helpers import give
from mfa_recovery.tests.helpers import make_codes
from mfa_sms.models import TextMessage
from mfa_sms.tests.agents import Agent
from mfa_sms.tests.helpers import queued
from mfa_sms.tests.test_agents_section import statements
from mfa_totp.tests.helpers import app_of
from tests.fixtures import Walk, confirmed_phone

MOST = 12
DEMO = 1  # the demo's own method costs a query; it does not exist with `DEBUG` off
SESSION = 1  # the session comes from the database here, and from the cache in production


@pytest.fixture
def agent(walk: Walk, helpdesk: Account, monkeypatch: pytest.MonkeyPatch) -> Agent:
    """An agent who may see everything. Values that each process caches for a second are already cached."""
    monkeypatch.setattr(cached_value, "MAX_AGE", 3600.0)
    sees = ("view_account", "view_textmessage", "view_securityevent", "view_case", "unlock_account", "reset_account")
    return Agent(walk, helpdesk, *sees)


def cost(agent: Agent, account: Account) -> int:
    agent.page(account)
    return statements(lambda: agent.page(account)) - DEMO - SESSION


def test_the_page_of_an_account_without_anything_takes_at_most_12_queries(agent: Agent, student: Account) -> None:
    assert cost(agent, student) <= MOST


def test_the_page_of_an_account_with_every_method_and_a_case_takes_at_most_12_queries(
    agent: Agent, student: Account
) -> None:
    helper = agent_of("", "agt111")
    phone = confirmed_phone(student)
    app_of(student)
    make_codes(student)
    give(student, helper)
    queued(phone, status=TextMessage.Status.DELIVERED)
    event = SecurityEvent.objects.create(account=student, kind="reported")
    Case.objects.create(account=student, kind="reported", event=event)
    assert cost(agent, student) <= MOST


def test_more_messages_events_and_phones_cost_no_query_more(agent: Agent, student: Account) -> None:
    queued(confirmed_phone(student), status=TextMessage.Status.DELIVERED)
    SecurityEvent.objects.create(account=student, kind="signed_in")
    few = cost(agent, student)
    for number in range(8):
        phone = confirmed_phone(student, f"+452612340{number}")
        for kind in ("signed_in", "password_refused", "signed_out"):
            SecurityEvent.objects.create(account=student, kind=kind, actor=student)
        queued(phone, status=TextMessage.Status.DELIVERED)
    assert cost(agent, student) == few
