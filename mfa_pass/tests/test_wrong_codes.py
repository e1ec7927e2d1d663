"""Wrong codes delay the next code, as for every factor (ASVS 6.6.3)."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_pass import codes
from mfa_pass.models import AccessPass
from mfa_pass.tests.helpers import SAID, VERIFY, WRONG, address, agent_signed_in, enter, give, in_english
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
    walk: Walk,
    student: Account,
    helpdesk: Account,
    time_machine: TimeMachineFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = give(student, helpdesk)
    in_english(walk).to_password(student)
    assert "10:01" not in fail(walk, 4).content.decode()
    assert "Try again at 10:01." in fail(walk, 1).content.decode()  # the first full minute after 16 seconds
    with monkeypatch.context() as watched:
        watched.setattr(codes, "matches_secret_code", lambda code, kept: 1 / 0)  # fails if a code is compared
        assert enter(walk, code).status_code == 429
    assert SecurityEvent.objects.latest("pk").reason == "locked"
    assert AccessPass.objects.get().failures == 5
    time_machine.shift(timedelta(seconds=17))
    assert enter(walk, code)["Location"] == "/enroll/methods/"
    assert AccessPass.objects.get().failures == 0


def test_asvs_6_6_3_failures_count_across_browsers(
    walk: Walk, another_walk: Walk, student: Account, helpdesk: Account
) -> None:
    give(student, helpdesk)
    walk.to_password(student)
    another_walk.to_password(student)
    fail(walk, 3)
    fail(another_walk, 2)
    assert enter(walk, WRONG).status_code == 429


def test_asvs_6_6_3_a_hundred_wrong_codes_lock_the_pass_until_the_helpdesk_helps(
    walk: Walk, another_walk: Walk, phone: SmsDevice, helpdesk: Account, time_machine: TimeMachineFixture
) -> None:
    code = give(phone.user, helpdesk)
    AccessPass.objects.update(throttling_failure_count=99)
    walk.to_password(phone.user)
    assert enter(walk, WRONG).status_code == 403
    assert kinds()[-1] == "device_disabled"
    time_machine.shift(timedelta(minutes=16))
    assert enter(walk, code).status_code == 403
    assert not is_signed_in(walk.browser)
    page = walk.get("/sign-in/verify/").content.decode()
    assert VERIFY not in page
    assert "/sign-in/verify/send/" in page  # the phone still works
    browser = agent_signed_in(another_walk, helpdesk, "unlock_account")
    browser.post(address(phone.user, "unlock"), SAID)
    assert enter(walk, code)["Location"] == "/enroll/methods/"
