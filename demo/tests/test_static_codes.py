"""The page for single-use codes."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Account
from tests.fixtures import Walk
from tests.helpers import STATIC_CODE, is_signed_in, kinds, single_use_code


def test_a_code_signs_staff_in_once(walk: Walk, another_walk: Walk, helpdesk: Account) -> None:
    single_use_code(helpdesk)
    for person, status in ((walk, 302), (another_walk, 200)):
        person.to_password(helpdesk)
        assert person.browser.post(STATIC_CODE, {"code": "abcdefgh"}).status_code == status
    assert is_signed_in(walk.browser)
    assert not is_signed_in(another_walk.browser)


def test_a_wrong_code_is_said_and_kept_out_of_the_session(walk: Walk, helpdesk: Account) -> None:
    single_use_code(helpdesk)
    walk.to_password(helpdesk)
    page = walk.browser.post(STATIC_CODE, {"code": "wrong"}).content.decode()
    assert "<title>Fejl: " in page
    assert kinds()[-1] == "code_refused"
    assert not is_signed_in(walk.browser)


def test_wrong_codes_slow_the_next(walk: Walk, helpdesk: Account) -> None:
    single_use_code(helpdesk)
    walk.to_password(helpdesk)
    for _time in range(3):
        walk.browser.post(STATIC_CODE, {"code": "wrong"})
    assert walk.browser.post(STATIC_CODE, {"code": "abcdefgh"}).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert walk.browser.post(STATIC_CODE, {"code": "abcdefgh"}).status_code == 302


@pytest.mark.parametrize("data", [{}, {"device": "otp_static.staticdevice/1"}])
def test_the_button_of_the_choice_leads_to_the_page(walk: Walk, helpdesk: Account, data: dict[str, str]) -> None:
    single_use_code(helpdesk)
    walk.to_password(helpdesk)
    assert walk.browser.post(STATIC_CODE, data)["Location"] == STATIC_CODE
    assert 'name="code"' in walk.get(STATIC_CODE).content.decode()


def test_an_empty_code_is_no_attempt(walk: Walk, helpdesk: Account) -> None:
    single_use_code(helpdesk)
    walk.to_password(helpdesk)
    walk.browser.post(STATIC_CODE, {"code": ""})
    assert kinds() == ["password_accepted"]


def test_who_has_no_codes_is_led_back(walk: Walk, employee: Account) -> None:
    walk.to_password(employee)
    assert walk.browser.get(STATIC_CODE)["Location"] == "/sign-in/verify/"


def test_a_student_who_was_given_codes_cannot_sign_in_with_them(walk: Walk, student: Account) -> None:
    single_use_code(student)
    walk.to_password(student)
    assert walk.browser.post(STATIC_CODE, {"code": "abcdefgh"})["Location"] == "/enroll/"
    assert not is_signed_in(walk.browser)


def test_nobody_who_gave_no_password_sees_the_page(walk: Walk, helpdesk: Account) -> None:
    single_use_code(helpdesk)
    assert walk.browser.get(STATIC_CODE)["Location"] == "/sign-in/"
    walk.name(helpdesk)
    assert walk.browser.post(STATIC_CODE, {"code": "abcdefgh"}).status_code == 409
