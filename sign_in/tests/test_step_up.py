"""A sensitive change needs a second factor of the last 20 minutes (ASVS 7.5.1)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from audit.models import SecurityEvent
from mfa_sms.models import SmsDevice
from sign_in import events
from tests.fixtures import Walk, confirmed_phone
from tests.helpers import kinds, picture, session_carries_an_account, with_cookies_of
from tests.interface import in_da

Later = Callable[..., None]

SENSITIVE = (
    "/security-info/add/",
    "/security-info/mfa_sms/{id}/change/",
    "/security-info/mfa_sms/{id}/remove/",
    "/security-info/recovery-codes/",
)
FLOW = ("/enroll/phone/", "/enroll/phone/code/", "/enroll/app/")


@pytest.fixture
def later(time_machine: TimeMachineFixture) -> Later:
    """Return a function that moves the time on from a fixed start."""
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)

    def travel(**passed: float) -> None:
        time_machine.shift(timedelta(**passed))

    return travel


@pytest.fixture
def two_phones(phone: SmsDevice) -> SmsDevice:
    """Return the first of the student's two phones."""
    confirmed_phone(phone.user, "+4526123499")
    return phone


def opened(walk: Walk, method: str, path: str) -> Any:
    call = walk.browser.get if method == "get" else walk.browser.post
    return call(path, follow=True)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", SENSITIVE)
def test_asvs_7_5_1_after_twenty_minutes_a_sensitive_page_asks_for_the_second_factor(
    later: Later, walk: Walk, two_phones: SmsDevice, path: str, method: str
) -> None:
    walk.signed_in(two_phones)
    later(minutes=20, seconds=1)
    before = picture()
    response = opened(walk, method, path.format(id=two_phones.pk))
    assert response.redirect_chain[-1][0] == "/sign-in/verify/"
    assert "Send sms til" in response.content.decode()
    assert picture() == before


@pytest.mark.parametrize("path", SENSITIVE)
def test_asvs_7_5_1_within_twenty_minutes_it_opens(later: Later, walk: Walk, two_phones: SmsDevice, path: str) -> None:
    walk.signed_in(two_phones)
    later(minutes=19, seconds=50)
    response = walk.get(path.format(id=two_phones.pk))
    assert response.status_code == 200
    assert not response.redirect_chain


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", FLOW)
def test_asvs_7_5_1_an_enrollment_that_was_begun_in_time_is_not_finished_too_late(
    later: Later, walk: Walk, phone: SmsDevice, path: str, method: str
) -> None:
    walk.signed_in(phone)
    later(minutes=15)
    walk.browser.post("/security-info/add/")
    later(minutes=5, seconds=1)
    before = picture()
    assert opened(walk, method, path).status_code == 403
    assert picture() == before


def test_a_right_code_leads_back_to_the_page_that_asked(later: Later, walk: Walk, two_phones: SmsDevice) -> None:
    walk.signed_in(two_phones)
    later(minutes=30)
    walk.get(f"/security-info/mfa_sms/{two_phones.pk}/remove/")
    walk.send(two_phones)
    assert "ændre dit login" in walk.outbox.messages[-1]["text"]
    response = walk.code()
    assert response.redirect_chain[-1][0] == f"/security-info/mfa_sms/{two_phones.pk}/remove/"
    assert response.status_code == 200
    assert kinds()[-1] == events.STEPPED_UP
    assert SecurityEvent.objects.latest("pk").actor == two_phones.user


def test_asvs_7_2_4_the_session_key_changes_at_the_step_up(later: Later, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    later(minutes=30)
    walk.get("/security-info/add/")
    thief = with_cookies_of(walk.browser)
    walk.send(phone)
    walk.code()
    assert session_carries_an_account(walk.browser)
    assert not session_carries_an_account(thief)


def test_asvs_6_6_2_the_code_of_a_sign_in_does_not_step_up(
    later: Later, walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    walk.signed_in(phone)
    later(minutes=30)
    another_walk.to_code(phone)
    code = another_walk.outbox.codes[-1]
    walk.get("/security-info/add/")
    walk.code(code)
    assert walk.get("/security-info/add/").redirect_chain[-1][0] == "/sign-in/verify/"


def test_a_wrong_code_does_not_step_up(later: Later, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    later(minutes=30)
    walk.get("/security-info/add/")
    walk.send(phone)
    wrong = f"{(int(walk.outbox.codes[-1]) + 1) % 10**6:06}"
    assert in_da("The code is incorrect") in walk.code(wrong).content.decode()
    assert walk.get("/security-info/add/").redirect_chain[-1][0] == "/sign-in/verify/"


def test_another_accounts_phone_does_not_step_up(
    later: Later, walk: Walk, phone: SmsDevice, make_account: Callable[..., Any]
) -> None:
    other = confirmed_phone(make_account("stu999", is_student=True), "+4526123400")
    walk.signed_in(phone)
    sent = len(walk.outbox.messages)
    later(minutes=30)
    walk.get("/security-info/add/")
    walk.send(other)
    assert len(walk.outbox.messages) == sent


def test_the_flow_of_who_is_signed_in_ends_with_the_session(later: Later, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    walk.browser.post("/security-info/add/")
    phone.user.session_epoch += 1
    phone.user.save()
    assert walk.get("/enroll/phone/").status_code == 409
    walk.browser.post("/enroll/phone/", {"country": "DK", "number": "26123499"})
    assert SmsDevice.objects.count() == 1
