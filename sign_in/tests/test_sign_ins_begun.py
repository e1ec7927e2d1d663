"""Sign-ins that are begun with an account name add few sessions, and these do not last long (K6)."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as portal
from django.utils import timezone
from pytest_django.fixtures import Settings

from mfa_sms.models import SmsDevice
from sessions.expiry import delete_expired_sessions
from sessions.models import Session
from tests.fixtures import Browser, Walk

NAME = {"account_name": "abc123@alumni.ku.dk"}
BEGUN = 5


@pytest.fixture(autouse=True)
def _few(settings: Settings, db: None) -> None:
    settings.SIGN_INS_BEGUN = BEGUN


def test_k6_above_the_limit_of_an_address_no_session_is_added_without_a_human_check() -> None:
    answers = [Browser().post("/sign-in/", NAME) for _browser in range(BEGUN + 3)]
    assert [answer.status_code for answer in answers] == [302] * BEGUN + [429] * 3
    assert Session.objects.count() == BEGUN
    assert answers[-1]["Retry-After"] == "30"


def test_a_human_check_begins_one_more_sign_in() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _browser in range(BEGUN):
            Browser().post("/sign-in/", NAME)
        waiting = Browser()
        assert waiting.post("/sign-in/", NAME).status_code == 429
        clock.shift(portal.SIGN_IN_CHECK_WAIT)
        assert waiting.post("/sign-in/", NAME)["Location"] == "/sign-in/password/"


def test_k1_a_stranger_at_the_same_address_delays_no_known_browser(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    walk.browser.post("/sign-out/")
    for _browser in range(BEGUN + 1):
        Browser().post("/sign-in/", NAME)
    walk.to_code(phone)
    assert walk.code().status_code == 200


def test_a_browser_that_corrects_its_name_adds_no_session_and_is_not_counted() -> None:
    browser = Browser()
    for _time in range(BEGUN + 1):
        assert browser.post("/sign-in/", NAME).status_code == 302
    assert Session.objects.count() == 1


def test_another_address_has_a_limit_of_its_own() -> None:
    for _browser in range(BEGUN + 1):
        Browser().post("/sign-in/", NAME)
    assert Browser(REMOTE_ADDR="192.0.2.7").post("/sign-in/", NAME).status_code == 302


def test_k6_a_session_that_nobody_goes_on_with_is_deleted_soon_after_the_life_of_a_sign_in() -> None:
    Browser().post("/sign-in/", NAME)
    with time_machine.travel(timezone.now() + portal.PENDING_SIGN_IN_LIFE):
        delete_expired_sessions()
        assert Session.objects.count() == 1
    with time_machine.travel(timezone.now() + 2 * portal.PENDING_SIGN_IN_LIFE + timedelta(seconds=1)):
        delete_expired_sessions()
        assert Session.objects.count() == 0
