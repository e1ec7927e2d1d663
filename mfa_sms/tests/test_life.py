"""The life of a code, and the rules for a resend."""

import pytest

from accounts.models import Account
from mfa_sms.models import Challenge, SmsDevice
from mfa_sms.tests.helpers import Clock, html, kinds, other_than
from tests.fixtures import Walk

EXPIRED = "Koden er udløbet. Bed om en ny."


def test_asvs_6_5_5_a_code_is_good_until_the_last_second(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    clock.forward(599)
    assert "Vil du forblive logget ind" in html(walk.code())


def test_asvs_6_5_5_a_code_is_expired_after_ten_minutes(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    clock.forward(600)
    page = html(walk.code())
    assert EXPIRED in page
    assert "Send en ny kode" in page
    assert kinds(phone.user, "signed_in", "code_refused") == [("code_refused", "expired")]


def test_the_page_says_until_when_the_code_works(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    assert "Den virker til kl. 10.10." in html(walk.send(phone))


def test_a_resend_sends_the_same_code_and_extends_nothing(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    clock.forward(595)
    page = html(walk.send(phone))
    assert "Vi har sendt koden igen kl. 10.09." in page
    assert "Den virker til kl. 10.10." in page
    assert len(walk.outbox.codes) == 2
    assert len(set(walk.outbox.codes)) == 1
    clock.forward(5)
    assert EXPIRED in html(walk.code())


def test_an_expired_code_is_replaced_by_a_new_one(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    clock.forward(600)
    page = html(walk.send(phone))
    first, second = walk.outbox.codes
    assert first != second
    assert "Vi har sendt koden igen" not in page
    assert "Koden er forkert" in html(walk.code(first))
    assert "Vil du forblive logget ind" in html(walk.code(second))
    outcomes = Challenge.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["replaced", "right"]


def test_an_exhausted_code_is_replaced_by_a_new_one(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    for _ in range(5):
        walk.code(other_than(walk.outbox.codes[-1]))
    clock.forward(31)
    walk.send(phone)
    first, second = walk.outbox.codes
    assert first != second
    assert "Vil du forblive logget ind" in html(walk.code(second))


def test_a_resend_at_enrollment_sends_the_same_code(clock: Clock, walk: Walk, student: Account) -> None:
    walk.to_password(student).number()
    clock.forward(31)
    response = walk.browser.post("/enroll/phone/send/", follow=True)
    assert response.redirect_chain == [("/enroll/phone/code/", 302)]
    assert len(walk.outbox.codes) == 2
    assert len(set(walk.outbox.codes)) == 1
    assert "Telefonen er nu registreret" in html(walk.enroll_code())


def test_another_number_gets_another_code_and_the_first_is_dead(clock: Clock, walk: Walk, student: Account) -> None:
    walk.to_password(student).number("26 12 34 78")
    walk.number("26 12 34 79")
    first, second = walk.outbox.codes
    assert [message["to"] for message in walk.outbox.messages] == ["+4526123478", "+4526123479"]
    assert "Koden er forkert" in html(walk.enroll_code(first))
    assert "Telefonen er nu registreret" in html(walk.enroll_code(second))
    device = SmsDevice.objects.get(user=student)
    assert (device.confirmed, device.number.as_e164) == (True, "+4526123479")


@pytest.mark.parametrize("path", ["/enroll/phone/send/", "/sign-in/verify/send/"])
def test_asvs_3_5_3_a_get_sends_nothing(walk: Walk, phone: SmsDevice, student: Account, path: str) -> None:
    walk.to_password(student)
    assert walk.browser.get(path, {"device": phone.persistent_id}).status_code == 302
    assert walk.outbox.messages == []
