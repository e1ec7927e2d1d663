"""The clock of the history: it sets the time that the product reads, only inside its block."""

import time
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from django_otp.oath import TOTP

from accounts.models import Account
from demo.clock import Clock

MOMENT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_time_is_the_clocks_in_its_block_alone() -> None:
    with Clock(MOMENT) as clock:
        assert timezone.now() == MOMENT
        clock.forward(90)
        assert time.time() == MOMENT.timestamp() + 90
        assert TOTP(b"key").time == MOMENT.timestamp() + 90
        assert timezone.localdate().isoformat() == "2026-03-02"
    assert timezone.now() > MOMENT
    assert time.time() > MOMENT.timestamp() + 90


def test_it_never_goes_back() -> None:
    clock = Clock(MOMENT)
    clock.reach(MOMENT.replace(hour=11))
    assert clock.now == MOMENT
    clock.reach(MOMENT.replace(hour=13))
    assert clock.now.hour == 13


@pytest.mark.django_db
def test_defaults_of_models_follow_it() -> None:
    with Clock(MOMENT):
        account = Account.objects.create_user("abc123", is_student=True)
    assert account.created_at == MOMENT
