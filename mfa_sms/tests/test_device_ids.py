"""The `device` of a request to send must be the persistent id of a confirmed phone of the account."""

import pytest

from accounts.models import Account
from mfa_sms.models import SmsDevice
from tests.fixtures import MakeAccount, Walk, confirmed_phone


def test_a_phone_of_another_account_is_no_device(walk: Walk, phone: SmsDevice, make_account: MakeAccount) -> None:
    other = confirmed_phone(make_account("oth222", is_student=True), "+4526123499")
    walk.to_password(phone.user)
    assert walk.send(other).redirect_chain == [("/sign-in/verify/", 302)]
    assert walk.outbox.messages == []


@pytest.mark.parametrize(
    "device",
    [
        "",
        "auth.user/1",
        "accounts.account/1",
        "otp_static.staticdevice/1",
        "mfa_sms.smsdevice/",
        "mfa_sms.smsdevice/0",
        "mfa_sms.smsdevice/-1",
        "mfa_sms.smsdevice/1\n",
        "mfa_sms.smsdevice/\u0661",
        "mfa_sms.smsdevice/999999999999999999",
        "mfa_sms.smsdevice/9999999999999999999",
        "mfa_sms.smsdevice/" + "9" * 50_000,
        "mfa_sms.challenge/1",
        "MFA_SMS.SMSDEVICE/1",
        "1",
        "\x00",
        "' OR 1=1 --",
    ],
)
def test_anything_else_leads_back_and_sends_nothing(walk: Walk, student: Account, device: str) -> None:
    confirmed_phone(student)
    walk.to_password(student)
    response = walk.browser.post("/sign-in/verify/send/", {"device": device}, follow=True)
    assert response.redirect_chain == [("/sign-in/verify/", 302)]
    assert walk.outbox.messages == []


def test_a_send_without_a_device_leads_back(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    assert walk.browser.post("/sign-in/verify/send/").url == "/sign-in/verify/"  # type: ignore[attr-defined]


def test_a_send_to_the_phone_goes_out(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    assert [message["to"] for message in walk.outbox.messages] == ["+4526123478"]
