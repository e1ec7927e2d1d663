"""A form that is sent twice gets the result of the first press, and nothing else does."""

import re
import time
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from audit.models import SecurityEvent
from mfa_sms.models import SmsDevice
from sessions import repeats
from tests.fixtures import PASSWORD, Browser, Walk
from tests.helpers import is_signed_in, kinds, with_cookies_of

PASSWORD_PAGE, CODE_PAGE = "/sign-in/password/", "/sign-in/verify/code/"


@pytest.fixture(autouse=True)
def _no_answer_of_another_test(db: None) -> None:
    cache.clear()


def form(browser: Browser, path: str, **fields: str) -> dict[str, str]:
    """Open a page and return the fields that its form sends."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(path).content.decode())
    assert found
    return {"csrfmiddlewaretoken": found[1], **fields}


def send(browser: Browser, path: str, fields: dict[str, str], **more: Any) -> Any:
    return browser.post(path, urlencode(fields), content_type="application/x-www-form-urlencoded", **more)


def test_the_second_press_of_the_password_gets_the_session_of_the_first(walk: Walk, phone: SmsDevice) -> None:
    walk.name(phone.user)
    fields = form(walk.browser, PASSWORD_PAGE, password=PASSWORD)
    again = with_cookies_of(walk.browser)
    first = send(walk.browser, PASSWORD_PAGE, fields)
    second = send(again, PASSWORD_PAGE, fields)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert second.cookies["session"].value == first.cookies["session"].value
    assert second.cookies["session"]["httponly"]
    assert again.get("/sign-in/verify/").status_code == 200
    assert kinds().count("password_accepted") == 1


def test_the_second_press_of_the_code_signs_in_and_is_no_wrong_code(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    fields = form(walk.browser, CODE_PAGE, code=walk.outbox.codes[-1])
    again = with_cookies_of(walk.browser)
    send(walk.browser, CODE_PAGE, fields)
    assert send(again, CODE_PAGE, fields)["Location"] == "/sign-in/stay/"
    assert is_signed_in(again)
    assert kinds().count("signed_in") == 1
    assert not SecurityEvent.objects.filter(kind="code_refused").exists()


@pytest.mark.parametrize("changed", ["csrfmiddlewaretoken", "password"])
def test_asvs_7_2_4_an_old_key_with_another_form_opens_nothing(walk: Walk, phone: SmsDevice, changed: str) -> None:
    walk.name(phone.user)
    fields = form(walk.browser, PASSWORD_PAGE, password=PASSWORD)
    thief = with_cookies_of(walk.browser)
    send(walk.browser, PASSWORD_PAGE, fields)
    answer = send(thief, PASSWORD_PAGE, {**fields, changed: "x" * 64})
    assert "session" not in answer.cookies or answer.cookies["session"].value != walk.browser.cookies["session"].value
    assert thief.get("/sign-in/verify/").status_code == 302


def test_asvs_7_2_4_an_old_key_opens_no_page(walk: Walk, phone: SmsDevice) -> None:
    walk.name(phone.user)
    fields = form(walk.browser, PASSWORD_PAGE, password=PASSWORD)
    thief = with_cookies_of(walk.browser)
    send(walk.browser, PASSWORD_PAGE, fields)
    assert thief.get("/sign-in/verify/").status_code == 302
    assert thief.get(PASSWORD_PAGE).status_code == 302


def test_another_browser_does_not_repeat_a_form(walk: Walk, phone: SmsDevice) -> None:
    walk.name(phone.user)
    fields = form(walk.browser, PASSWORD_PAGE, password=PASSWORD)
    thief = with_cookies_of(walk.browser)
    send(walk.browser, PASSWORD_PAGE, fields)
    answer = send(thief, PASSWORD_PAGE, fields, headers={"user-agent": "another"})
    assert answer.status_code != 302 or answer["Location"] != "/sign-in/verify/"


def test_a_press_after_some_seconds_is_one_of_its_own(walk: Walk, phone: SmsDevice) -> None:
    walk.name(phone.user)
    fields = form(walk.browser, PASSWORD_PAGE, password=PASSWORD)
    again = with_cookies_of(walk.browser)
    send(walk.browser, PASSWORD_PAGE, fields)
    with time_machine.travel(timezone.now() + timedelta(seconds=repeats._KEPT + 1)):
        assert send(again, PASSWORD_PAGE, fields).status_code != 302


def test_a_wrong_password_is_compared_each_time(walk: Walk, phone: SmsDevice) -> None:
    walk.name(phone.user)
    fields = form(walk.browser, PASSWORD_PAGE, password="wrong")
    for _press in range(2):
        assert send(walk.browser, PASSWORD_PAGE, fields).status_code == 200
    assert kinds().count("password_refused") == 2


@pytest.fixture
def running() -> str:
    """Return the key of a form whose first press is running."""
    cache.add("repeat:form", repeats._RUNNING)
    return "repeat:form"


def test_a_press_during_the_first_waits_for_its_answer(running: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ("/sign-in/verify/", SimpleCookie({"session": "new"}))
    monkeypatch.setattr(time, "sleep", lambda seconds: cache.set(running, answer))
    response = repeats._first_answer(running)
    assert response is not None
    assert (response["Location"], response.cookies["session"].value) == ("/sign-in/verify/", "new")


def test_a_press_is_one_of_its_own_if_the_first_ended_without_a_redirect(
    running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: cache.delete(running))
    assert repeats._first_answer(running) is None


def test_a_press_does_not_wait_for_ever(running: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    monkeypatch.setattr(repeats, "_LONGEST_WAIT", 0.0)
    assert repeats._first_answer(running) is None


def test_without_a_cache_each_press_is_one_of_its_own(
    walk: Walk, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("add", "get", "set", "delete"):
        monkeypatch.setattr(cache, name, broken)
    walk.name(phone.user)
    assert send(walk.browser, PASSWORD_PAGE, form(walk.browser, PASSWORD_PAGE, password=PASSWORD)).status_code == 302


def broken(*args: Any) -> None:
    raise ConnectionError
