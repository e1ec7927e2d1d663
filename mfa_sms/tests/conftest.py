"""Fixtures of the SMS factor's tests."""

from collections.abc import Iterator

import pytest
from time_machine import TimeMachineFixture

from mfa_sms import breaker
from mfa_sms.tests.helpers import Clock


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> Clock:
    """A clock that stands still at ten in the morning, Copenhagen time, until it is moved."""
    return Clock(time_machine)


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    """Begin without what a process remembers of gateways, and leave nothing of it."""
    breaker.forget()
    yield
    breaker.forget()
