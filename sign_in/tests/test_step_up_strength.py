"""The strength of a session's last verified factor, and the access that it gives."""

from typing import Any

import pytest

from accounts.models import Account
from mfa_recovery.models import RecoveryDevice
from mfa_recovery.tests.helpers import make_codes
from mfa_sms.models import SmsDevice
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import app_of
from tests.fixtures import Walk, confirmed_phone
from tests.helpers import is_signed_in
from tests.interface import in_da


def signed_in_by_recovery_code(walk: Walk, account: Account) -> None:
    code = make_codes(account)[0]
    walk.to_password(account)
    walk.browser.post("/sign-in/verify/recovery-code/", {"code": code})
    assert is_signed_in(walk.browser)


def test_asvs_8_4_2_removing_the_recovery_codes_of_a_session_does_not_open_the_admin(
    walk: Walk, administrator: Account
) -> None:
    app_of(administrator)
    signed_in_by_recovery_code(walk, administrator)
    assert walk.browser.get("/admin/overview/").status_code != 200
    codes = RecoveryDevice.objects.get(user=administrator)
    walk.browser.post(f"/security-info/mfa_recovery/{codes.pk}/remove/")
    assert not RecoveryDevice.objects.exists()
    assert is_signed_in(walk.browser)
    assert walk.browser.get("/admin/overview/").status_code != 200


def test_n_4_1_2_1_a_locked_app_does_not_make_a_text_message_enough(walk: Walk, student: Account) -> None:
    phone = confirmed_phone(student)
    app = app_of(student)
    app.disable()
    walk.signed_in(phone)
    for path in ("/security-info/add/", f"/security-info/mfa_totp/{app.pk}/remove/"):
        response: Any = walk.get(path)
        assert response.status_code == 403
        assert in_da("Your login method is locked") in response.content.decode()
        assert walk.browser.post(path).status_code == 302
    assert AuthenticatorApp.objects.count() == 1


def test_a_flow_to_add_a_method_ends_with_the_device_that_the_session_stands_on(walk: Walk, phone: SmsDevice) -> None:
    confirmed_phone(phone.user, "+4526123499")
    walk.signed_in(phone)
    walk.browser.post("/security-info/add/")
    phone.delete()
    for response in (walk.get("/enroll/phone/"), walk.number("26 12 34 55"), walk.get("/enroll/app/")):
        assert response.status_code == 409
    assert SmsDevice.objects.count() == 1


def test_asvs_7_2_4_the_session_key_changes_when_a_device_was_added(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    walk.browser.post("/security-info/add/")
    walk.number("26 12 34 99")
    before = walk.browser.session.session_key
    walk.enroll_code()
    assert walk.browser.session.session_key != before
    assert is_signed_in(walk.browser)


@pytest.mark.parametrize("typed", ["‮skjult", "x\x07\x1b[2J", "a​b"])
def test_a_name_holds_nothing_that_is_not_seen(walk: Walk, phone: SmsDevice, typed: str) -> None:
    walk.signed_in(phone)
    walk.browser.post(f"/security-info/mfa_sms/{phone.pk}/name/", {"name": typed})
    phone.refresh_from_db()
    assert phone.name.isprintable()
    assert phone.name
