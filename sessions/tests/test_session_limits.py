"""Sessions that expire: unused for too long, or too old (ASVS 7.3.1, 7.3.2)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from mfa_sms.models import SmsDevice
from sessions import registry
from sessions.expiry import delete_expired_sessions
from sessions.models import Session
from sessions.signed_in import KEY
from tests.fixtures import PASSWORD, Walk
from tests.helpers import is_signed_in, session_carries_an_account, staff_signed_in
from tests.interface import in_en

ENGINES = ["sessions.database", "sessions.cached"]
START = datetime.fromisoformat("2026-09-01T08:00:00+02:00")
AWAY = in_en("You have been logged out because you were away for a while.")
TOO_OLD = in_en("You have been logged out because it is a long time since you logged in.")
LENT = in_en("You have been logged out because you were given access for a limited time only.")

Later = Callable[..., None]


@pytest.fixture(params=ENGINES, autouse=True)
def engine(request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.SESSION_ENGINE = request.param
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "limits"}}


@pytest.fixture
def later(time_machine: TimeMachineFixture) -> Later:
    """Return a function that moves the clock to a time after the start."""

    def travel(**passed: float) -> None:
        time_machine.move_to(START + timedelta(**passed), tick=False)

    travel()
    return travel


def stays(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    walk.code()
    walk.stay("yes")


def test_asvs_7_3_1_a_session_that_is_not_used_for_an_hour_is_over(later: Later, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    later(minutes=59, seconds=59)
    assert is_signed_in(walk.browser)
    later(minutes=119, seconds=59)
    assert not is_signed_in(walk.browser)
    assert not Session.objects.exists()


def test_asvs_7_3_1_use_puts_the_idle_limit_off(later: Later, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    for minutes in range(50, 600, 50):
        later(minutes=minutes)
        assert is_signed_in(walk.browser)


def test_asvs_7_3_1_staff_are_out_after_half_an_hour(later: Later, walk: Walk, administrator: Account) -> None:
    browser = staff_signed_in(walk, administrator)
    later(minutes=29)
    assert browser.get("/admin/overview/").status_code == 200
    later(minutes=59)
    assert browser.get("/admin/overview/").status_code == 302
    assert not session_carries_an_account(browser)


def test_asvs_7_3_1_whoever_stays_signed_in_may_be_away_for_long(later: Later, walk: Walk, phone: SmsDevice) -> None:
    stays(walk, phone)
    later(days=29, hours=23)
    assert is_signed_in(walk.browser)


def test_asvs_7_3_2_a_session_ends_after_twelve_hours_of_use(later: Later, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    for minutes in range(30, 720, 30):
        later(minutes=minutes)
        assert is_signed_in(walk.browser)
    later(minutes=720)
    assert not is_signed_in(walk.browser)


def test_asvs_7_3_2_staff_are_out_after_eight_hours_of_use(later: Later, walk: Walk, administrator: Account) -> None:
    browser = staff_signed_in(walk, administrator)
    for minutes in range(20, 480, 20):
        later(minutes=minutes)
        assert browser.get("/admin/overview/").status_code == 200
    later(minutes=480)
    assert browser.get("/admin/overview/").status_code == 302


def test_asvs_7_3_2_staying_signed_in_ends_after_its_days_however_much_it_is_used(
    later: Later, walk: Walk, phone: SmsDevice
) -> None:
    stays(walk, phone)
    for days in range(1, 30):
        later(days=days)
        assert is_signed_in(walk.browser)
    later(days=30)
    assert not is_signed_in(walk.browser)


def test_asvs_7_3_2_the_days_count_from_the_sign_in_and_not_from_the_answer(
    later: Later, walk: Walk, phone: SmsDevice
) -> None:
    walk.to_code(phone)
    walk.code()
    later(minutes=50)
    walk.stay("yes")
    assert int(walk.browser.cookies["session"]["max-age"]) == 30 * 86400 - 50 * 60
    later(days=30)
    assert not is_signed_in(walk.browser)


def test_asvs_7_3_2_a_later_save_puts_off_neither_the_end_nor_the_cookies(
    later: Later, walk: Walk, phone: SmsDevice
) -> None:
    stays(walk, phone)
    before = Session.objects.get().expire_date
    later(days=20)
    phone.delete()  # the next page removes the device from the session, and so saves the session
    walk.get("/security-info/")
    assert int(walk.browser.cookies["session"]["max-age"]) == 10 * 86400
    assert Session.objects.get().expire_date == before


@pytest.mark.parametrize(("passed", "text"), [({"hours": 2}, AWAY), ({"hours": 13}, TOO_OLD)])
def test_whoever_comes_back_is_told_why_once(
    later: Later, walk: Walk, phone: SmsDevice, passed: dict[str, float], text: str
) -> None:
    walk.browser.cookies["language"] = "en"
    walk.signed_in(phone)
    later(**passed)
    response = walk.get("/security-info/")
    assert response.redirect_chain == [("/sign-in/?next=/security-info/", 302)]
    assert text in response.content.decode()
    assert text not in walk.get("/sign-in/").content.decode()


def test_what_is_posted_in_a_session_that_is_over_is_not_done(later: Later, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    walk.code()
    walk.browser.cookies["language"] = "en"
    later(hours=2)
    assert AWAY in walk.stay("yes").content.decode()
    assert walk.browser.cookies["session"].value == ""


def test_a_session_that_is_over_is_kept_a_day_and_then_deleted(later: Later, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    later(hours=24, minutes=59)
    delete_expired_sessions()
    assert Session.objects.count() == 1
    later(hours=25, minutes=1)
    delete_expired_sessions()
    assert not Session.objects.exists()


def test_a_session_whose_sign_in_cannot_be_told_is_over(later: Later, walk: Walk, phone: SmsDevice) -> None:
    for broken in (None, {"of": "another version"}, {**_signed_in(walk, phone), "account_id": phone.user.pk + 1}):
        walk.signed_in(phone)
        session = walk.browser.session
        session[KEY] = broken
        session.save()
        assert not is_signed_in(walk.browser)
        assert SESSION_KEY not in walk.browser.session


def _signed_in(walk: Walk, phone: SmsDevice) -> dict[str, Any]:
    walk.signed_in(phone)
    found: dict[str, Any] = walk.browser.session[KEY]
    walk.browser.post("/sign-out/")
    return found


def test_a_sign_in_under_way_keeps_its_own_half_hour(later: Later, walk: Walk, student: Account) -> None:
    walk.name(student)
    later(minutes=29)
    assert walk.browser.post("/sign-in/password/", {"password": PASSWORD}).status_code == 302
    later(minutes=31)
    assert walk.get("/sign-in/verify/").status_code == 409


@pytest.mark.parametrize(("answer", "first", "second"), [("no", 61, 100), ("yes", 3601, 7000)])
def test_the_last_use_is_written_now_and_then_by_one_update(
    later: Later, walk: Walk, phone: SmsDevice, answer: str, first: int, second: int
) -> None:
    walk.to_code(phone)
    walk.code()
    walk.stay(answer)

    def updates(seconds: int) -> int:
        later(seconds=seconds)
        with CaptureQueriesContext(connection) as captured:
            assert is_signed_in(walk.browser)
        return sum(query["sql"].startswith("UPDATE") for query in captured)

    assert [updates(seconds) for seconds in (first - 2, first, first + 1, second)] == [0, 1, 0, 0]
    row = Session.objects.get()
    assert row.seen_at == START + timedelta(seconds=first)
    kept = {"no": timedelta(hours=25, seconds=first), "yes": timedelta(days=31)}
    assert row.expire_date == START + kept[answer]


def test_a_note_of_use_leaves_alone_what_another_request_has_saved(later: Later, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    later(minutes=5)
    slow, quick = walk.browser.session, walk.browser.session
    slow.get("nothing")
    quick["saved"] = "meanwhile"
    quick.save()
    assert slow.seen()  # type: ignore[attr-defined]
    assert walk.browser.session["saved"] == "meanwhile"
    assert is_signed_in(walk.browser)
    assert walk.browser.session["saved"] == "meanwhile"


def test_what_the_page_asks_by_itself_keeps_nobody_signed_in(later: Later, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    for minutes in range(5, 60, 5):
        later(minutes=minutes)
        assert walk.browser.get("/sign-in/verify/code/status/").status_code == 200
        assert walk.browser.get("/enroll/phone/code/status/").status_code == 200
    later(minutes=60)
    assert not is_signed_in(walk.browser)


def test_staff_never_stay_whatever_they_post(later: Later, walk: Walk, helpdesk: Account) -> None:
    browser = staff_signed_in(walk, helpdesk)
    session = browser.session
    session["stay_question"] = {"next": "", "name": "hlp234@ku.dk"}
    session.save()
    walk.stay("yes")
    assert browser.cookies["session"]["max-age"] == ""
    assert not Session.objects.get().is_remembered
    later(minutes=30)
    assert not is_signed_in(browser)


def end_at(walk: Walk, **passed: float) -> None:
    """Set the latest end of a browser's session, as a time after the start."""
    session = walk.browser.session
    registry.end_at(session, START + timedelta(**passed))
    session.save()


def test_a_session_can_be_given_an_earlier_end_that_nothing_puts_off(
    later: Later, walk: Walk, phone: SmsDevice
) -> None:
    walk.browser.cookies["language"] = "en"
    walk.signed_in(phone)
    for minutes in (40, 30, 50):
        end_at(walk, minutes=minutes)
    registry.remember(walk.browser.session)
    assert not Session.objects.get().is_remembered
    later(minutes=29, seconds=59)
    assert is_signed_in(walk.browser)
    assert Session.objects.get().expire_date == START + timedelta(days=1, minutes=30)
    later(minutes=30)
    assert registry.open_sessions(phone.user) == []
    assert LENT in walk.get("/security-info/").content.decode()


def test_a_later_end_than_the_limits_extends_no_session(later: Later, walk: Walk, phone: SmsDevice) -> None:
    walk.browser.cookies["language"] = "en"
    walk.signed_in(phone)
    end_at(walk, days=3)
    later(hours=13)
    assert TOO_OLD in walk.get("/security-info/").content.decode()


def test_a_session_that_stays_and_its_cookie_end_earlier_too(later: Later, walk: Walk, phone: SmsDevice) -> None:
    stays(walk, phone)
    end_at(walk, days=2)
    assert walk.browser.session.get_expiry_age() == 2 * 86400
    later(days=1, hours=23)
    assert is_signed_in(walk.browser)
    later(days=2)
    assert not is_signed_in(walk.browser)


def test_who_is_not_signed_in_has_no_session_to_end(walk: Walk, student: Account) -> None:
    walk.name(student)
    before = dict(walk.browser.session.items())
    end_at(walk, minutes=5)
    assert dict(walk.browser.session.items()) == before
