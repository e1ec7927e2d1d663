"""Fixtures of the simulated attacks."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from mfa_sms import breaker
from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import Clock
from tests.attacks.outcome import Outcome
from tests.attacks.people import Owner, owner_of
from tests.fixtures import Outbox


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> Clock:
    """A clock that is frozen until a simulation moves it."""
    return Clock(time_machine)


@pytest.fixture(autouse=True)
def _gateways_work() -> Iterator[None]:
    breaker.forget()
    yield
    breaker.forget()


@pytest.fixture(autouse=True)
def _quick_checks(settings: Settings) -> None:
    """Let a browser solve a human check at once. The cost is no part of what the simulations measure."""
    settings.SIGN_IN_CHECK_COST = settings.SMS_CHECK_COST = 10


@pytest.fixture
def outcome(request: pytest.FixtureRequest) -> Outcome:
    """Record as `record_property` does. That fixture warns about the newer families of JUnit reports."""
    return Outcome(lambda name, value: request.node.user_properties.append((name, value)))


@pytest.fixture
def owner(clock: Clock, phone: SmsDevice, sms_outbox: Outbox) -> Owner:
    """The owner of the student's phone, an hour after a sign-in with the usual browser."""
    found = owner_of(phone, sms_outbox)
    clock.forward(hours=1)
    return found
