"""Wrong codes delay the next code, as for every factor (ASVS 6.6.3)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from audit.models import SecurityEvent
from mfa_recovery import codes
from mfa_recovery.models import RecoveryDevice
from mfa_recovery.tests.helpers import VERIFY, WRONG, enter, make_codes
from mfa_sms.models import SmsDevice
from tests.fixtures import Walk
from tests.helpers import is_signed_in, kinds


@pytest.fixture(autouse=True)
def _clock(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)


def fail(walk: Walk, times: int) -> Any:
    response = None
    for _time in range(times):
        response = enter(walk, WRONG)
    return response


def test_asvs_6_6_3_after_five_wrong_codes_the_right_one_waits(
    walk: Walk, phone: SmsDevice, time_machine: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_codes(phone.user)
    walk.to_password(phone.user)
    assert not re.search(r"10[.:]01", fail(walk, 4).content.decode())
    fifth = fail(walk, 1)
    assert fifth.status_code == 200
    assert re.search(r"10[.:]01", fifth.content.decode())  # the first full minute after the delay of 16 seconds
    with monkeypatch.context() as watched:
        watched.setattr(codes, "matches_secret_code", lambda code, kept: 1 / 0)  # fails if a code is compared
        locked = enter(walk, made[0])
    assert locked.status_code == 429
    assert "Du skal vente" in locked.content.decode()
    assert SecurityEvent.objects.latest("pk").reason == "locked"
    assert RecoveryDevice.objects.get().throttling_failure_count == 5
    time_machine.shift(timedelta(seconds=17))
    assert enter(walk, made[0])["Location"] == "/sign-in/stay/"
    assert RecoveryDevice.objects.get().throttling_failure_count == 0


def test_asvs_6_6_3_failures_count_across_browsers(walk: Walk, another_walk: Walk, phone: SmsDevice) -> None:
    make_codes(phone.user)
    walk.to_password(phone.user)
    another_walk.to_password(phone.user)
    fail(walk, 3)
    fail(another_walk, 2)
    assert enter(walk, WRONG).status_code == 429


def test_asvs_6_6_3_the_wait_is_a_quarter_of_an_hour_at_most(
    walk: Walk, phone: SmsDevice, time_machine: TimeMachineFixture
) -> None:
    make_codes(phone.user)
    RecoveryDevice.objects.update(throttling_failure_count=60, throttling_failure_timestamp=timezone.now())
    walk.to_password(phone.user)
    time_machine.shift(timedelta(minutes=15) - timedelta(seconds=1))
    assert enter(walk, WRONG).status_code == 429
    time_machine.shift(timedelta(seconds=1))
    assert enter(walk, WRONG).status_code == 200


def test_asvs_6_6_3_a_hundred_wrong_codes_lock_the_codes_for_good(
    walk: Walk, phone: SmsDevice, time_machine: TimeMachineFixture
) -> None:
    made = make_codes(phone.user)
    RecoveryDevice.objects.update(throttling_failure_count=99)
    walk.to_password(phone.user)
    assert enter(walk, WRONG).status_code == 403
    assert kinds()[-1] == "device_disabled"
    time_machine.shift(timedelta(minutes=20))
    assert enter(walk, made[0]).status_code == 403
    assert not is_signed_in(walk.browser)
    page = walk.get("/sign-in/verify/").content.decode()
    assert VERIFY not in page
    assert "/sign-in/verify/send/" in page  # the phone still works
