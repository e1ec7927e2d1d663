"""A password alone gives access only to enrollment and verification (ASVS 6.3.3, 6.3.4).

`tests/urls` asserts the same of every URL.
"""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Account
from mfa_sms.models import SmsDevice
from tests.fixtures import Walk
from tests.helpers import every_path, is_signed_in, picture, session_carries_an_account, staff_signed_in
from tests.interface import in_da


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
    assert in_da("You already have a login method") in response.content.decode()
    assert picture() == before


def test_a_locked_phone_does_not_lead_to_enrollment(walk: Walk, phone: SmsDevice) -> None:
    SmsDevice.objects.update(disabled_at="2026-01-01T00:00Z")
    walk.name(phone.user)
    response = walk.password()
    assert response.status_code == 403
    assert in_da("Your login method is locked") in response.content.decode()
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
