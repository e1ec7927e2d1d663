"""A password alone gives access only to enrollment and verification (ASVS 6.3.3, 6.3.4)."""

from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Account
from mfa_sms.models import SmsDevice
from tests.fixtures import Browser, Walk
from tests.helpers import every_path, is_signed_in, picture, session_carries_an_account, staff_signed_in

# Pages for everyone, signed in or not.
STATIC = {
    "sign_in:help",
    "sign_in:accessibility",
    "sign_in:cookies",
    "sign_in:sign_out",
    "sign_in:signed_out",
    "sign_in:password_forgotten",
    "sign_in:password_too_old",
    "sign_in:password_sent",
    "sign_in:password_changed",
    "sign_in:password_new",
    "notices:report",
    "sso:discovery",
    "sso:jwks",
    "sso:logout",
    "healthz",
    "readyz",
    "demo:inbox",
    "sso:entra_configuration",
    "sso:entra_jwks",
    "sso:entra_authorize",
    "sso:entra_refused",
    "sso:entra_attempt",
}
# URLs for machines. Each requires its own secret, and a session gives no access.
MACHINES = {"mfa_sms:metrics", "mfa_sms:receipts", "sso:token", "sso:userinfo", "sso:revoke"}
# The sign-in pipeline. A method's page asks for a code, or redirects to the choice of a method.
PIPELINE = {
    "sign_in:account_name",
    "sign_in:password",
    "sign_in:verify",
    "sign_in:enroll",
    "sign_in:enroll_methods",
    "campaigns:not_now",
    "mfa_sms:send",
    "mfa_sms:code",
    "mfa_sms:code_status",
    "mfa_sms:phone",
    "mfa_sms:phone_check",
    "mfa_sms:phone_send",
    "mfa_sms:phone_code",
    "mfa_sms:phone_code_status",
    "mfa_totp:enroll",
    "mfa_totp:choose",
    "mfa_totp:code",
    "sign_in:enrolled",
    "mfa_recovery:verify",
    "mfa_pass:verify",
    "sso:authorize",
    "demo:static_code",
}
GUARDED = sorted(set(every_path()) - STATIC - MACHINES - PIPELINE)


def open_by(browser: Browser, method: str, path: str) -> Any:
    return browser.get(path, follow=True) if method == "get" else browser.post(path, follow=True)


def test_every_address_is_known_to_this_test() -> None:
    assert set(every_path()) >= STATIC | PIPELINE
    assert {"sign_in:home", "sign_in:remember_me", "sign_in:security_info", "admin:index"} <= set(GUARDED)
    assert "mfa_recovery:codes" in GUARDED
    assert all(name.startswith(("sign_in:", "mfa_recovery:codes", "admin:", "/admin/")) for name in GUARDED)


@pytest.mark.parametrize("method", ["get", "post"])
def test_asvs_6_3_3_with_a_password_alone_every_other_address_leads_back(
    walk: Walk, phone: SmsDevice, method: str
) -> None:
    walk.to_password(phone.user)
    for name in GUARDED:
        response = open_by(walk.browser, method, every_path()[name])
        assert not session_carries_an_account(walk.browser), name
        if response.status_code != 405:
            assert response.redirect_chain, name
            assert response.redirect_chain[-1][0].startswith("/sign-in/"), name
            if name not in ("sign_in:home", "sign_in:remember_me"):  # these redirect to the next step
                assert 'autocomplete="username"' in response.content.decode(), name


@pytest.mark.parametrize("method", ["get", "post"])
def test_asvs_6_3_3_no_address_signs_in_who_has_a_password_alone(
    walk: Walk, administrator: Account, method: str
) -> None:
    for name, path in every_path().items():
        walk.to_password(administrator)
        response = open_by(walk.browser, method, path)
        assert response.status_code < 500, name
        assert not session_carries_an_account(walk.browser), name


@pytest.mark.parametrize("name", sorted(MACHINES))
def test_asvs_6_3_3_what_is_for_machines_is_refused_to_people(walk: Walk, phone: SmsDevice, name: str) -> None:
    walk.signed_in(phone)
    for method in ("get", "post"):
        assert open_by(walk.browser, method, every_path()[name]).status_code in (400, 401, 403, 404, 405)


def test_asvs_6_3_4_the_admin_has_no_sign_in_of_its_own(walk: Walk, administrator: Account) -> None:
    response = walk.browser.post("/admin/login/", {"username": "adm567", "password": "en-lang-adgangskode-til-test"})
    assert response["Location"].startswith("/sign-in/")
    assert not session_carries_an_account(walk.browser)


def test_asvs_6_3_4_a_reset_of_the_password_opens_nothing_either(walk: Walk, phone: SmsDevice) -> None:
    account = phone.user
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    form = walk.get(f"/password/new/{uid}/{default_token_generator.make_token(account)}/").redirect_chain[-1][0]
    new = "Kastanjer og paraplyer 17"
    walk.browser.post(form, {"new_password1": new, "new_password2": new})
    assert not is_signed_in(walk.browser)
    walk.name(account)
    assert "Send sms til" in walk.password(new).content.decode()
    assert not is_signed_in(walk.browser)


@pytest.mark.parametrize("path", ["/enroll/", "/enroll/methods/", "/enroll/phone/"])
def test_a_password_alone_adds_no_second_method(walk: Walk, phone: SmsDevice, path: str) -> None:
    walk.to_password(phone.user)
    before = picture()
    response = walk.browser.post(path, {"country": "DK", "number": "26123479"}) if "phone" in path else walk.get(path)
    assert response.status_code == 409
    assert "Du har allerede en loginmetode" in response.content.decode()
    assert picture() == before


def test_a_locked_phone_does_not_lead_to_enrollment(walk: Walk, phone: SmsDevice) -> None:
    SmsDevice.objects.update(disabled_at="2026-01-01T00:00Z")
    walk.name(phone.user)
    response = walk.password()
    assert response.status_code == 403
    assert "Din loginmetode er låst" in response.content.decode()
    assert walk.get("/enroll/").status_code == 409


def test_an_employee_is_not_offered_sms(walk: Walk, employee: Account) -> None:
    walk.to_password(employee)
    assert walk.get("/enroll/methods/").redirect_chain == [("/enroll/app/", 302)]
    for response in (walk.get("/enroll/phone/"), walk.number()):
        assert response.status_code == 403
        assert "Kun studerende kan bruge sms" in response.content.decode()
    assert walk.outbox.messages == []


def test_an_administrator_can_open_every_page_without_a_fault(walk: Walk, administrator: Account) -> None:
    staff_signed_in(walk, administrator)
    for name, path in every_path().items():
        assert walk.browser.get(path).status_code < 500, name
