"""django-otp's device interface sends and verifies codes outside our own pages, by the same rules."""

from typing import Any

import django_otp
import pytest
from django_otp.models import Device

from accounts.models import Account
from mfa_sms.models import Challenge, SmsDevice
from mfa_sms.tests.helpers import Clock, asked, code_of, kinds, other_than
from tests.fixtures import MakeAccount, Outbox, confirmed_phone

SENT = "Vi har sendt en kode på sms."
NOT_SENT = "Vi kan ikke sende en kode lige nu. Prøv igen senere."


def open_code(device: SmsDevice) -> str:
    return code_of(Challenge.objects.get(device=device, browser="", outcome=""))


def test_the_device_is_interactive_and_found_by_its_id(phone: SmsDevice) -> None:
    assert phone.is_interactive()
    assert Device.from_persistent_id(phone.persistent_id) == phone
    assert list(django_otp.devices_for_user(phone.user)) == [phone]


def test_a_code_that_it_sent_verifies_once(phone: SmsDevice) -> None:
    assert phone.generate_challenge() == SENT
    code = open_code(phone)
    assert django_otp.verify_token(phone.user, phone.persistent_id, code) == phone
    assert django_otp.verify_token(phone.user, phone.persistent_id, code) is None
    assert kinds(phone.user) == [("signed_in", "")]


def test_a_wrong_code_is_counted(phone: SmsDevice) -> None:
    phone.generate_challenge()
    assert not phone.verify_token(other_than(open_code(phone)))
    assert phone.throttling_failure_count == 1


def test_a_second_message_waits(phone: SmsDevice) -> None:
    phone.generate_challenge()
    assert phone.generate_challenge() == NOT_SENT
    assert phone.text_messages.count() == 1


def test_a_code_that_a_browser_asked_for_does_not_verify_here(phone: SmsDevice) -> None:
    assert not phone.verify_token(code_of(asked(phone)))


@pytest.mark.parametrize("token", ["", "12345", None, 1.5, b"x", [], "\ud800", "\x00"])
def test_what_is_no_code_is_refused_without_an_error(phone: SmsDevice, token: Any) -> None:
    phone.generate_challenge()
    assert phone.verify_token(token) is False
    assert phone.throttling_failure_count == 0


def test_a_pasted_code_verifies(phone: SmsDevice) -> None:
    phone.generate_challenge()
    code = open_code(phone)
    assert phone.verify_token(f" {code[:3]} {code[3:]}\n")


def test_a_code_that_was_never_answered_does_not_stop_the_next_day(clock: Clock, phone: SmsDevice) -> None:
    assert phone.generate_challenge() == SENT
    clock.forward(days=1, seconds=1)
    assert phone.generate_challenge() == SENT


def test_asvs_6_6_1_an_unconfirmed_device_sends_nothing(student: Account, sms_outbox: Outbox) -> None:
    device = SmsDevice.objects.create(user=student, number="+4526123478", confirmed=False)
    assert device.generate_challenge() == NOT_SENT
    assert not device.text_messages.exists()


def test_r1_the_phone_of_an_employee_sends_nothing(make_account: MakeAccount) -> None:
    device = confirmed_phone(make_account("emp111", is_employee=True))
    assert device.generate_challenge() == NOT_SENT
    assert not device.text_messages.exists()


def test_r1_the_phone_of_who_became_an_employee_verifies_nothing(phone: SmsDevice) -> None:
    phone.generate_challenge()
    Account.objects.update(is_employee=True)
    assert not phone.verify_token(open_code(phone))
