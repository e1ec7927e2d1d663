"""A browser that has completed a sign-in is known to the account, until the account's sessions are all ended."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Account
from common.client_info import ClientInfo
from mfa_sms.models import SmsDevice
from sessions import registry
from sign_in import known_browsers, password_reset
from sign_in.known_browsers import COOKIE, KnownAccounts, is_known
from tests.fixtures import MakeAccount, Walk


def request_with(cookie: str = "") -> HttpRequest:
    request = RequestFactory().get("/")
    if cookie:
        request.COOKIES[COOKIE] = cookie
    return request


def request_of(walk: Walk) -> HttpRequest:
    found = walk.browser.cookies.get(COOKIE)
    return request_with(found.value if found else "")


def remembered(*accounts: Account) -> HttpRequest:
    """Return a request of a browser in which these accounts signed in, one after the other."""
    request = request_with()
    for account in accounts:
        response = HttpResponse()
        known_browsers.remember(request, response, account)
        request = request_with(response.cookies[COOKIE].value)
    return request


def test_a_browser_is_known_after_a_completed_sign_in_and_not_before(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    assert not is_known(request_of(walk), phone.user)
    walk.code()
    assert is_known(request_of(walk), phone.user)


def test_a_browser_stays_known_after_signing_out_and_after_a_new_password(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    walk.browser.post("/sign-out/")
    token = default_token_generator.make_token(phone.user)
    assert password_reset.set_password(phone.user, token, "Kastanjer og paraplyer 17", ClientInfo())
    assert is_known(request_of(walk), Account.objects.get())


def test_k2_the_end_of_all_sessions_makes_every_browser_unknown(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    registry.end_all(phone.user)
    assert not is_known(request_of(walk), phone.user)


def test_a_person_who_ends_the_other_sessions_stays_in_a_known_browser(
    walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    another_walk.signed_in(phone)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        walk.signed_in(phone)
        walk.browser.post("/security-info/sessions/end-others/")
    phone.user.refresh_from_db()
    assert is_known(request_of(walk), phone.user)
    assert not is_known(request_of(another_walk), phone.user)


def test_a_browser_is_known_for_half_a_year_after_the_last_sign_in(student: Account, settings: Settings) -> None:
    request = remembered(student)
    for days, known in ((179, True), (181, False)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert is_known(request, student) is known


def test_a_browser_knows_the_last_five_accounts(make_account: MakeAccount) -> None:
    accounts = [make_account(f"stu00{number}", is_student=True) for number in range(6)]
    request = remembered(*accounts)
    assert [is_known(request, account) for account in accounts] == [False, True, True, True, True, True]


def test_a_second_sign_in_keeps_the_budget_of_the_browser(student: Account, employee: Account) -> None:
    first = KnownAccounts.of_request(remembered(student)).budget_of(student)
    assert first
    assert KnownAccounts.of_request(remembered(student)).budget_of(student) != first
    request = remembered(student, employee)
    before = KnownAccounts.of_request(request).budget_of(student)
    response = HttpResponse()
    known_browsers.remember(request, response, student)
    after = KnownAccounts.of_request(request_with(response.cookies[COOKIE].value))
    assert after.budget_of(student) == before


@pytest.mark.parametrize("cookie", ["", "x", "W10:1a:b", "\x00", "é"])
def test_a_forged_cookie_knows_nobody(student: Account, cookie: str) -> None:
    assert not is_known(request_with(cookie), student)


def test_a_cookie_does_not_make_the_browser_known_to_another_account(student: Account, employee: Account) -> None:
    request = remembered(student)
    assert not is_known(request, employee)
    assert not is_known(request, None)


def test_a_browser_stays_known_when_the_secret_key_is_replaced(student: Account, settings: Settings) -> None:
    request = remembered(student)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new"
    assert is_known(request, student)


def test_the_cookie_names_nobody_and_is_for_this_site_alone(student: Account) -> None:
    response = HttpResponse()
    known_browsers.remember(request_with(), response, student)
    cookie: Any = response.cookies[COOKIE]
    assert student.username not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
