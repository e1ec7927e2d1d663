"""Agents who are signed in to the admin, in English."""

import pytest

from accounts.models import Account
from backoffice import roles
from helpdesk.tests.people import agent_of, browser_of
from tests.fixtures import Browser, Outbox


@pytest.fixture
def agent(db: None) -> Account:
    """A helpdesk agent."""
    return agent_of(roles.HELPDESK, "agt111", first_name="Ragnhild", last_name="Uggerhøj")


@pytest.fixture
def desk(agent: Account, sms_outbox: Outbox) -> Browser:
    """The agent's browser."""
    browser = browser_of(agent, sms_outbox)
    browser.defaults["REMOTE_ADDR"] = "203.0.113.77"
    return browser


@pytest.fixture
def lead(db: None) -> Account:
    """A lead, who requests approvals."""
    return agent_of(roles.LEAD, "lea222")


@pytest.fixture
def other_lead(db: None) -> Account:
    """Another lead, who decides."""
    return agent_of(roles.LEAD, "lea333", first_name="Bo")
