"""Fixtures of the SMS factor's tests."""

from collections.abc import Iterator

import pytest
from time_machine import TimeMachineFixture

from mfa_sms import breaker
from mfa_sms.tests.helpers import Clock


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> Clock:
    """A clock that is frozen at ten in the morning, Copenhagen time, until a test moves it."""
    return Clock(time_machine)


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    """Clear the cached state of gateways before and after each test."""
    breaker.forget()
    yield
    breaker.forget()
