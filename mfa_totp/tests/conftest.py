"""Fixtures for the tests of the authenticator app."""

import pytest
from time_machine import TimeMachineFixture

from accounts.models import Account
from mfa_sms.tests.helpers import Clock
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import app_of


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> Clock:
    """A frozen clock at the first second of a time step. Tests move it."""
    return Clock(time_machine)


@pytest.fixture
def app(student: Account) -> AuthenticatorApp:
    """A confirmed app of the student."""
    return app_of(student)
