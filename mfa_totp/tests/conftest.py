"""Fixtures of the authenticator app's tests."""

import pytest
from time_machine import TimeMachineFixture

from accounts.models import Account
from mfa_sms.tests.helpers import Clock
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import app_of


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> Clock:
    """A clock that stands still at the first second of a step until it is moved."""
    return Clock(time_machine)


@pytest.fixture
def app(student: Account) -> AuthenticatorApp:
    """The student's app."""
    return app_of(student)
