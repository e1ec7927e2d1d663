"""A proven device guards its account even if its method is now forbidden: it opens the enrollment of another (K2)."""

import pytest
from django.utils import timezone

from accounts.models import Account
from mfa_sms.models import SmsDevice
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import ENROLL, code_at, key_on, page_of, post
from sign_in.methods import policies
from sign_in.models import MethodPolicy
from tests.fixtures import Walk
from tests.helpers import is_signed_in, kinds, picture, session_carries_an_account
from tests.interface import in_da


def become_employed(account: Account) -> Account:
    """Change the affiliation as the nightly import does."""
    Account.objects.filter(pk=account.pk).update(is_employee=True)
    account.refresh_from_db()
    return account


@pytest.fixture
def employed(phone: SmsDevice) -> SmsDevice:
    """A phone whose owner was a student and is now an employee."""
    become_employed(phone.user)
    return phone


def test_k2_a_password_alone_enrolls_nothing_once_the_owner_is_employed(walk: Walk, employed: SmsDevice) -> None:
    walk.name(employed.user)
    response = walk.password()
    assert response.redirect_chain[-1][0] == "/sign-in/verify/"
    before = picture()
    for path in ("/enroll/", "/enroll/methods/", ENROLL):
        assert walk.browser.get(path).status_code == 409, path
    assert walk.browser.post(ENROLL, {"code": "123456"}).status_code == 409
    assert picture() == before


def test_k2_a_password_alone_enrolls_nothing_once_a_rule_forbids_the_phone(walk: Walk, phone: SmsDevice) -> None:
    MethodPolicy.objects.filter(method="mfa_sms").update(students=False)
    policies.forget()
    walk.name(phone.user)
    assert walk.password().redirect_chain[-1][0] == "/sign-in/verify/"
    assert walk.browser.get(ENROLL).status_code == 409


def test_k2_the_forbidden_phone_opens_the_enrollment_of_an_app_and_nothing_else(
    walk: Walk, employed: SmsDevice
) -> None:
    walk.to_code(employed)
    response = walk.code()
    assert response.redirect_chain[-1][0] == "/enroll/"
    assert not session_carries_an_account(walk.browser)
    assert "signed_in" not in kinds()
    assert kinds()[-1] == "enrollment_opened"
    assert walk.browser.get("/enroll/phone/").status_code == 403
    key = key_on(page_of(walk.get(ENROLL)))
    assert post(walk, ENROLL, code=code_at(key)).redirect_chain[-1][0] == "/enroll/done/"
    app = AuthenticatorApp.objects.get(user=employed.user)
    assert post(walk, "/enroll/done/").redirect_chain[-1][0] == "/sign-in/verify/"
    page = walk.get("/sign-in/verify/").content.decode()
    assert app.persistent_id in page
    assert employed.persistent_id not in page
    assert not is_signed_in(walk.browser)


def test_k2_the_proof_of_a_forbidden_phone_opens_one_enrollment(walk: Walk, employed: SmsDevice) -> None:
    walk.to_code(employed)
    walk.code()
    key = key_on(page_of(walk.get(ENROLL)))
    post(walk, ENROLL, code=code_at(key))
    assert walk.browser.get("/enroll/methods/").status_code == 409


def test_k2_the_proof_ends_with_the_forbidden_phone(walk: Walk, employed: SmsDevice) -> None:
    walk.to_code(employed)
    walk.code()
    SmsDevice.objects.update(disabled_at=timezone.now())
    response = walk.browser.get(ENROLL)
    assert response.status_code == 403
    assert in_da("Your login method is locked") in response.content.decode()


def test_k2_beside_an_allowed_app_a_forbidden_phone_opens_nothing(walk: Walk, employed: SmsDevice) -> None:
    AuthenticatorApp.objects.create(user=employed.user, confirmed=True, disabled_at=timezone.now())
    walk.to_password(employed.user)
    assert walk.browser.get("/sign-in/verify/").status_code == 403
    assert walk.send(employed).status_code == 403
    assert walk.outbox.messages == []


def test_the_page_says_why_another_method_is_needed(walk: Walk, employed: SmsDevice) -> None:
    walk.browser.cookies["language"] = "en"
    walk.name(employed.user)
    page = walk.password().content.decode()
    assert "may no longer be used for your account" in page
    assert "Then set up another login method." in page


def test_a_signed_in_owner_of_a_forbidden_phone_is_led_to_a_new_sign_in(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    become_employed(phone.user)
    session = walk.browser.session
    session["proven"] = {**session["proven"], "at": 0}
    session.save()
    walk.browser.cookies["language"] = "en"
    response = walk.get("/security-info/add/")
    assert response.status_code == 403
    page = response.content.decode()
    assert "Log out, and log in again" in page
    assert 'href="/sign-out/"' in page
