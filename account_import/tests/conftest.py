"""An administrator who is signed in to the admin, in English."""

import pytest

from accounts.models import Account
from backoffice import roles
from helpdesk.tests.people import agent_of, browser_of
from tests.fixtures import Browser, Outbox


@pytest.fixture
def importer(db: None) -> Account:
    """An administrator who may import accounts."""
    return agent_of(roles.ADMINISTRATOR, "adm111")


@pytest.fixture
def desk(importer: Account, sms_outbox: Outbox) -> Browser:
    """The administrator's browser."""
    return browser_of(importer, sms_outbox)
