"""Actions that end a session at once, and the effects of the answer to "Stay signed in?"."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Account
from mfa_sms.models import SmsDevice
from sessions.expiry import delete_expired_sessions
from sessions.models import Session
from tests.fixtures import Browser, MakeAccount, Walk, confirmed_phone
from tests.helpers import is_signed_in, kinds, staff_signed_in, with_cookies_of
from tests.interface import in_da

ENGINES = ["sessions.database", "sessions.cached"]


@pytest.fixture(params=ENGINES, autouse=True)
def engine(request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.SESSION_ENGINE = request.param
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "ends"}}


def test_asvs_7_4_1_after_signing_out_a_replayed_cookie_is_anonymous(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    stolen = with_cookies_of(walk.browser)
    assert is_signed_in(stolen)
    assert walk.browser.post("/sign-out/").headers["Location"] == "/signed-out/"
    assert not is_signed_in(stolen)
    assert not is_signed_in(walk.browser)
    assert not Session.objects.exists()
    assert kinds()[-1] == "signed_out"


def test_asvs_7_4_1_signing_out_of_a_sign_in_that_was_begun_ends_it(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    stolen = with_cookies_of(walk.browser)
    walk.browser.post("/sign-out/")
    assert stolen.get("/sign-in/verify/").status_code == 302
    assert "signed_out" not in kinds()


def test_a_get_asks_before_it_signs_out(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    page = walk.get("/sign-out/").content.decode()
    assert '<form method="post">' in page
    assert is_signed_in(walk.browser)


def test_asvs_7_4_2_a_disabled_account_is_signed_out(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    Account.objects.filter(pk=phone.user.pk).update(is_active=False)
    assert not is_signed_in(walk.browser)
    assert walk.get("/").redirect_chain[-1][0] == "/sign-in/"


def test_asvs_7_4_2_a_disabled_member_of_staff_is_out_of_the_admin(walk: Walk, administrator: Account) -> None:
    staff_signed_in(walk, administrator)
    assert walk.browser.get("/admin/overview/").status_code == 200
    Account.objects.filter(pk=administrator.pk).update(is_active=False)
    assert walk.browser.get("/admin/overview/").status_code == 302


def test_asvs_7_4_5_raising_the_epoch_ends_every_session_of_the_account(
    walk: Walk, another_walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    other = confirmed_phone(make_account("oth555", is_student=True), "+4526123479")
    walk.signed_in(phone)
    another_walk.signed_in(other)
    Account.objects.filter(pk=phone.user.pk).update(session_epoch=F("session_epoch") + 1)
    assert not is_signed_in(walk.browser)
    assert is_signed_in(another_walk.browser)


def test_a_new_password_ends_every_session_of_the_account(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    account = Account.objects.get(pk=phone.user.pk)
    account.set_password("Kastanjer og paraplyer 17")
    account.save()
    assert not is_signed_in(walk.browser)


def test_who_answers_no_has_a_cookie_that_ends_with_the_browser(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    walk.code()
    walk.stay("no")
    cookie = walk.browser.cookies["session"]
    assert cookie["max-age"] == cookie["expires"] == ""
    assert walk.browser.cookies.get("name") is None or not walk.browser.cookies["name"].value


def test_who_answers_no_is_signed_out_after_a_working_day_all_the_same(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1)):
        assert not is_signed_in(walk.browser)


def test_who_answers_yes_stays_for_thirty_days(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    walk.code()
    walk.stay("yes")
    assert 29 * 86400 < int(walk.browser.cookies["session"]["max-age"]) <= 30 * 86400
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert is_signed_in(walk.browser)
    with time_machine.travel(timezone.now() + timedelta(days=30, seconds=1)):
        assert not is_signed_in(walk.browser)


def test_who_has_not_answered_yet_has_a_session_that_ends_with_the_browser(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    walk.code()
    assert walk.browser.cookies["session"]["max-age"] == ""
    assert is_signed_in(walk.browser)


@pytest.mark.parametrize("answer", ["", "maybe", "YES"])
def test_anything_but_yes_and_no_asks_again(walk: Walk, phone: SmsDevice, answer: str) -> None:
    walk.to_code(phone)
    walk.code()
    assert in_da("Do you want to stay logged in on this device?") in walk.stay(answer).content.decode()


def test_the_question_is_asked_once(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    assert walk.get("/sign-in/stay/").redirect_chain[-1][0] == "/security-info/"


def test_staff_are_never_asked(walk: Walk, helpdesk: Account) -> None:
    staff_signed_in(walk, helpdesk)
    assert walk.get("/sign-in/stay/").redirect_chain[-1][0] == "/security-info/"
    walk.stay("yes")
    assert walk.browser.cookies["session"]["max-age"] == ""
    assert "name" not in walk.browser.cookies


def test_the_name_is_remembered_on_a_browser_where_the_student_stayed(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    walk.code()
    walk.stay("yes")
    walk.browser.post("/sign-out/")
    assert 'value="stu123@alumni.ku.dk"' in walk.get("/sign-in/").content.decode()
    cookie = walk.browser.cookies["name"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == 180 * 86400


def test_answering_no_forgets_the_name(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    walk.code()
    walk.stay("yes")
    walk.browser.post("/sign-out/")
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        walk.signed_in(phone)
        walk.browser.post("/sign-out/")
        assert 'value="stu123' not in walk.get("/sign-in/").content.decode()


def test_a_remembered_name_that_was_tampered_with_is_ignored() -> None:
    browser = Browser()
    browser.cookies["name"] = "adm567@ku.dk:1tforged:signature"
    assert "adm567" not in browser.get("/sign-in/").content.decode()


def test_sessions_that_are_over_are_deleted_by_a_task(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    delete_expired_sessions()
    assert Session.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        delete_expired_sessions()
    assert not Session.objects.exists()
