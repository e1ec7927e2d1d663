"""The session key changes after the password and after the second factor. Old keys stop working (ASVS 7.2.4)."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Account
from mfa_sms.models import SmsDevice
from sessions.models import Session
from sign_in import password_check
from tests.fixtures import Walk
from tests.helpers import is_signed_in, staff_signed_in, with_cookies_of

ENGINES = ["sessions.database", "sessions.cached"]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, settings: Settings) -> str:
    settings.SESSION_ENGINE = request.param
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "keys"}}
    return str(request.param)


def key(walk: Walk) -> str:
    return walk.browser.cookies["session"].value


def test_asvs_7_2_4_the_key_changes_at_the_password_and_at_the_code(engine: str, walk: Walk, phone: SmsDevice) -> None:
    walk.name(phone.user)
    anonymous, after_name = with_cookies_of(walk.browser), key(walk)
    walk.password()
    half, after_password = with_cookies_of(walk.browser), key(walk)
    walk.send(phone)
    walk.code()
    after_code = key(walk)
    assert len({after_name, after_password, after_code}) == 3
    assert list(Session.objects.values_list("session_key", flat=True)) == [after_code]
    for stolen in (anonymous, half):
        assert stolen.get("/sign-in/verify/", follow=True).redirect_chain[-1][0] == "/sign-in/"
        assert stolen.get("/sign-in/password/").status_code == 302
        assert not is_signed_in(stolen)
    assert is_signed_in(walk.browser)


def test_asvs_7_2_4_the_key_changes_for_staff_too(engine: str, walk: Walk, helpdesk: Account) -> None:
    walk.to_password(helpdesk)
    before = key(walk)
    half = with_cookies_of(walk.browser)
    staff_signed_in(walk, helpdesk)
    assert key(walk) != before
    assert not is_signed_in(half)
    assert Session.objects.count() == 1


def test_asvs_7_2_4_a_key_that_was_planted_before_the_sign_in_is_worth_nothing(
    engine: str, walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    another_walk.name("nob999@ku.dk")
    planted = another_walk.browser.cookies["session"].value
    walk.browser.cookies["session"] = planted
    walk.signed_in(phone)
    assert key(walk) != planted
    assert not is_signed_in(another_walk.browser)


@pytest.mark.parametrize("invented", ["a" * 32, "0", "x" * 4000, "'; DROP TABLE", "../../etc"])
def test_a_key_that_no_server_gave_is_not_taken_over(engine: str, walk: Walk, student: Account, invented: str) -> None:
    walk.browser.cookies["session"] = invented
    walk.name(student)
    assert key(walk) != invented
    assert len(key(walk)) == 32


def test_a_session_that_ended_meanwhile_gives_a_page_and_no_session(
    engine: str, walk: Walk, student: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.name(student)
    thief = with_cookies_of(walk.browser)
    check = password_check.check_password

    def check_while_another_request_ends_the_session(*args: Any) -> password_check.PasswordResult:
        thief.post("/sign-out/")
        return check(*args)

    monkeypatch.setattr(password_check, "check_password", check_while_another_request_ends_the_session)
    assert walk.password().redirect_chain == [("/", 302), ("/sign-in/", 302)]
    assert not Session.objects.exists()
    monkeypatch.undo()
    assert walk.get("/sign-in/verify/").redirect_chain[-1][0] == "/sign-in/"


def test_of_two_right_passwords_at_once_one_session_remains(
    engine: str, walk: Walk, student: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.name(student)
    second = with_cookies_of(walk.browser)
    check = password_check.check_password
    others: list[Any] = []

    def check_while_the_other_tab_posts(*args: Any) -> password_check.PasswordResult:
        if not others:
            others.append(None)
            others.append(second.post("/sign-in/password/", {"password": "en-lang-adgangskode-til-test"}))
        return check(*args)

    monkeypatch.setattr(password_check, "check_password", check_while_the_other_tab_posts)
    assert walk.password().redirect_chain[0] == ("/", 302)
    assert others[1].status_code == 302
    assert Session.objects.count() == 1
