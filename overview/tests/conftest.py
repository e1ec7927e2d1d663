"""An auditor who is signed in to the admin, in English."""

import pytest

from backoffice import roles
from helpdesk.tests.people import agent_of, browser_of
from tests.fixtures import Browser, Outbox


@pytest.fixture
def auditor(db: None, sms_outbox: Outbox) -> Browser:
    """The auditor's browser."""
    return browser_of(agent_of(roles.AUDITOR, "aud111"), sms_outbox)
