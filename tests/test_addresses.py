"""No number, code, name or password appears in any address that a person is led to (ASVS 14.2.1)."""

from typing import Any

from accounts.models import Account
from mfa_sms.models import SmsDevice
from tests.fixtures import PASSWORD, Walk


def test_asvs_14_2_1_no_number_code_name_or_password_in_an_address(walk: Walk, student: Account) -> None:
    led: list[Any] = []

    def follow(response: Any) -> Any:
        led.extend(url for url, _status in response.redirect_chain)
        led.append(response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"])
        return response

    follow(walk.name(student, "/help/"))
    follow(walk.password("wrong"))
    follow(walk.password())
    follow(walk.number())
    follow(walk.enroll_code())
    follow(walk.done())
    follow(walk.send(SmsDevice.objects.get()))
    follow(walk.code())
    follow(walk.stay("yes"))
    follow(walk.get("/"))
    secrets = ["stu123", "26123478", "26%2012", PASSWORD, "wrong", *walk.outbox.codes]
    assert len(led) > 10
    assert not [(url, secret) for url in led for secret in secrets if secret in url]
