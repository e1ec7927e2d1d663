"""Fixtures of the SMS factor's tests."""

from collections.abc import Iterator

import pytest
from time_machine import TimeMachineFixture

from accounts.publishing import Publisher
from mfa_sms import breaker, handover
from mfa_sms.tests.helpers import Clock


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> Clock:
    """A clock that stands still at ten in the morning, Copenhagen time, until it is moved."""
    return Clock(time_machine)


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin without what a process remembers of gateways and of the broker, and leave nothing of it."""
    monkeypatch.setattr(handover, "_publisher", Publisher("SMS_HAND_OVER_THREADS"))
    breaker.forget()
    yield
    breaker.forget()
