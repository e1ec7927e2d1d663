"""Fixtures of the SMS factor's tests."""

import pytest
from time_machine import TimeMachineFixture

from mfa_sms.tests.helpers import Clock


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> Clock:
    """A clock that stands still at ten in the morning, Copenhagen time, until it is moved."""
    return Clock(time_machine)
