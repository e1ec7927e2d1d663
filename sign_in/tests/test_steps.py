"""Steps of the sign-in out of order, repeated, too late, and after a change of the account."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import Account
from mfa_sms.models import SmsDevice
from tests.fixtures import PASSWORD, MakeAccount, Walk, confirmed_phone
from tests.helpers import STATIC_CODE, is_signed_in, picture, single_use_code
from tests.interface import in_da

RECOVERY_CODE = "/sign-in/verify/recovery-code/"
ACCESS_PASS = "/sign-in/verify/access-pass/"
AFTER_NAME = {"/sign-in/password/": {"password": PASSWORD}}
AFTER_PASSWORD: dict[str, dict[str, str]] = {
    "/sign-in/verify/send/": {"device": "mfa_sms.smsdevice/1"},
    "/sign-in/verify/code/": {"code": "123456"},
    "/sign-in/verify/app/": {"device": "mfa_totp.authenticatorapp/1"},
    "/sign-in/verify/app/code/": {"device": "mfa_totp.authenticatorapp/1", "code": "123456"},
    "/enroll/app/": {"code": "123456"},
    STATIC_CODE: {"code": "abcdefgh"},
    RECOVERY_CODE: {"code": "K7F3M-92QWX-4HTNB"},
    ACCESS_PASS: {"code": "K7F3-92QM"},
    "/enroll/phone/": {"country": "DK", "number": "26123478"},
    "/enroll/phone/check/": {},
    "/enroll/phone/send/": {},
    "/enroll/phone/code/": {"code": "123456"},
    "/enroll/done/": {},
}
STEPS = {**AFTER_NAME, **AFTER_PASSWORD}
PAGES = [*STEPS, "/sign-in/verify/", "/enroll/", "/enroll/methods/"]


def starts_again(response: Any) -> bool:
    page = response.content.decode()
    return response.status_code == 409 and "skal du starte forfra" in page and 'href="/sign-in/"' in page


def change_password(account: Account) -> None:
    account.set_password("Kastanjer og paraplyer 17")
    account.save()


def deactivate(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(is_active=False)


def raise_epoch(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)


@pytest.mark.parametrize("path", STEPS)
def test_a_step_that_is_posted_without_the_ones_before_starts_again(walk: Walk, path: str) -> None:
    before = picture()
    assert starts_again(walk.browser.post(path, STEPS[path]))
    assert picture() == before


@pytest.mark.parametrize("path", AFTER_PASSWORD)
def test_a_step_that_is_posted_before_the_password_was_begun_in_another_window(
    walk: Walk, student: Account, path: str
) -> None:
    walk.name(student)
    response = walk.browser.post(path, AFTER_PASSWORD[path])
    assert response.status_code == 409
    with translation.override("da"):
        assert gettext("You have begun a login in another window") in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_is_opened_without_the_steps_before_leads_to_the_first(walk: Walk, path: str) -> None:
    assert walk.get(path).redirect_chain[-1][0] == "/sign-in/"


@pytest.mark.parametrize("path", PAGES)
def test_a_sign_in_lives_thirty_minutes(walk: Walk, phone: SmsDevice, path: str) -> None:
    walk.to_password(phone.user)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert starts_again(walk.get(path))
        assert starts_again(walk.browser.post(path, STEPS.get(path, {}))) or path not in STEPS


def test_a_sign_in_still_lives_after_twenty_nine_minutes(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    with time_machine.travel(timezone.now() + timedelta(minutes=29)):
        walk.send(phone)
        walk.code()
        assert is_signed_in(walk.browser)


def test_an_expired_sign_in_can_be_begun_again_at_once(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        walk.signed_in(phone)
        assert is_signed_in(walk.browser)


def test_the_password_page_can_be_posted_again(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    assert walk.password().redirect_chain[-1][0] == "/sign-in/verify/"


def test_the_last_code_posted_twice_does_no_harm(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    walk.code()
    again = walk.code()
    assert again.status_code == 409
    assert in_da("You are already logged in") in again.content.decode()
    assert is_signed_in(walk.browser)


@pytest.mark.parametrize("change", [change_password, deactivate, raise_epoch])
@pytest.mark.parametrize(
    "path", sorted(set(AFTER_PASSWORD) - {STATIC_CODE, RECOVERY_CODE, ACCESS_PASS, "/enroll/phone/check/"})
)
def test_a_sign_in_ends_when_the_account_changes_while_a_code_is_out(
    walk: Walk, phone: SmsDevice, change: Any, path: str
) -> None:
    walk.to_code(phone)
    change(phone.user)
    before = picture()
    data = {"device": phone.persistent_id} if path.endswith("verify/send/") else {"code": walk.outbox.codes[-1]}
    response = walk.browser.post(path, {**AFTER_PASSWORD[path], **data})
    assert starts_again(response) or response.status_code == 302
    assert picture() == before
    assert not is_signed_in(walk.browser)


@pytest.mark.parametrize("change", [change_password, deactivate, raise_epoch])
def test_an_enrollment_ends_when_the_account_changes(walk: Walk, student: Account, change: Any) -> None:
    walk.to_password(student)
    walk.number()
    change(student)
    assert starts_again(walk.get("/enroll/"))
    assert starts_again(walk.number("26 12 34 79"))
    assert starts_again(walk.enroll_code())
    assert not SmsDevice.objects.filter(confirmed=True).exists()
    assert len(walk.outbox.messages) == 1


@pytest.mark.parametrize("change", [change_password, deactivate, raise_epoch])
def test_a_single_use_code_ends_when_the_account_changes(walk: Walk, helpdesk: Account, change: Any) -> None:
    device = single_use_code(helpdesk)
    walk.to_password(helpdesk)
    change(helpdesk)
    assert starts_again(walk.browser.post(STATIC_CODE, {"code": "abcdefgh"}))
    assert device.token_set.count() == 1


def test_the_choice_of_a_method_ends_when_the_account_changes(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    deactivate(phone.user)
    assert starts_again(walk.get("/sign-in/verify/"))


@pytest.mark.parametrize("path", PAGES)
def test_who_is_signed_in_already_is_told_so(walk: Walk, phone: SmsDevice, path: str) -> None:
    walk.signed_in(phone)
    before = picture()
    for response in (walk.get(path), walk.browser.post(path, STEPS.get(path, {}))):
        page = response.content.decode()
        assert (response.status_code == 409 and in_da("You are already logged in") in page) or response.status_code in (
            302,
            405,
        )
    assert picture() == before
    assert is_signed_in(walk.browser)


def test_who_is_signed_in_and_starts_again_is_told_so(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    assert walk.get("/sign-in/").status_code == 409
    assert walk.name(phone.user).status_code == 409
    assert is_signed_in(walk.browser)


def test_a_second_tab_with_another_account_takes_the_place_of_the_first(
    walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    other = make_account("oth555", is_student=True)
    other_phone = confirmed_phone(other, "+4526123479")
    walk.to_code(phone)
    first_code = walk.outbox.codes[-1]
    walk.to_password(other)
    response = walk.send(phone)  # the first tab's button
    assert response.redirect_chain[-1][0] == "/sign-in/verify/"
    assert len(walk.outbox.messages) == 1
    walk.code(first_code)
    assert not is_signed_in(walk.browser)
    walk.send(other_phone)
    walk.code()
    walk.stay()
    assert "oth555@alumni.ku.dk" in walk.get("/security-info/").content.decode()


def test_a_tab_that_names_another_account_ends_the_first_sign_in(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    walk.name("nob999@ku.dk")
    assert walk.get("/sign-in/verify/").redirect_chain[-1][0] == "/sign-in/"


@pytest.mark.parametrize("change", [change_password, deactivate, raise_epoch])
def test_whose_session_has_died_can_sign_in_as_somebody_else(
    walk: Walk, phone: SmsDevice, make_account: MakeAccount, change: Any
) -> None:
    other = confirmed_phone(make_account("oth555", is_student=True), "+4526123479")
    walk.signed_in(phone)
    change(phone.user)
    assert walk.get("/").redirect_chain[-1][0] == "/sign-in/"
    walk.signed_in(other)
    assert "oth555@alumni.ku.dk" in walk.get("/security-info/").content.decode()


def test_a_device_that_is_gone_leads_to_the_sign_in_and_not_round_in_circles(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    SmsDevice.objects.update(confirmed=False)
    response = walk.get("/")
    assert response.status_code == 200
    assert response.redirect_chain[-1][0].startswith("/sign-in/")
