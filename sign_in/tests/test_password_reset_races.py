"""One reset link that is used several times at once sets one password."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_sms.tests.races import at_once
from tests.fixtures import Browser, MakeAccount
from tests.interface import in_da

USED = in_da("The link no longer works")
CHANGED = "/password/changed/"

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


@pytest.fixture
def link(make_account: MakeAccount) -> str:
    """Return the path of a reset link."""
    account = make_account("stu123", is_student=True)
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    return f"/password/new/{uid}/{default_token_generator.make_token(account)}/"


def opened(link: str) -> tuple[Browser, str]:
    """Open the link in a new browser. Return the browser and the path of the form."""
    browser = Browser()
    return browser, browser.get(link)["Location"]


def save(browser: Browser, form: str, password: str) -> Any:
    return browser.post(form, {"new_password1": password, "new_password2": password})


def test_three_passwords_at_once_one_is_set(link: str) -> None:
    passwords = [f"Kastanjer og paraplyer {number}" for number in range(3)]
    calls: list[Callable[[], Any]] = [partial(save, *opened(link), password) for password in passwords]
    answers: list[Any] = at_once(calls)
    set_now = [password for password, answer in zip(passwords, answers, strict=True) if answer.status_code == 302]
    assert len(set_now) == 1
    assert Account.objects.get().check_password(set_now[0])
    assert sum(USED in answer.content.decode() for answer in answers) == 2
    assert SecurityEvent.objects.filter(kind="password_changed").count() == 1


def test_two_presses_in_one_browser_set_one_password_and_both_say_so(link: str) -> None:
    browser, form = opened(link)
    second = Browser()
    second.cookies = browser.cookies
    password = "Kastanjer og paraplyer 17"
    answers: list[Any] = at_once([partial(save, one, form, password) for one in (browser, second)])
    assert [answer["Location"] for answer in answers] == [CHANGED, CHANGED]
    assert SecurityEvent.objects.filter(kind="password_changed").count() == 1
