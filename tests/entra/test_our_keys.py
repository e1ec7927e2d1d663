"""The portal's keys are rotated while people sign in. No sign-in fails, although the tenant caches keys for a day."""

from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from mfa_sms.models import SmsDevice
from sso import keys
from sso.models import SigningKey
from tests.entra.conftest import Carrier, answer_of, refused
from tests.entra.standin import AnswerRefused, User


def _signs_in(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    SmsDevice.objects.update(throttling_failure_count=0)
    carrier.arrive(carrier.entra.ask(user))
    assert carrier.back(carrier.by_sms(phone)) == user


def test_every_sign_in_over_a_roll_is_believed(
    carrier: Carrier, user: User, phone: SmsDevice, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    used = set()
    for hour in range(0, 80, 8):
        if hour == 8:
            keys.rotate(SigningKey.Use.ENTRA)
        _signs_in(carrier, user, phone)
        used.add(keys.signing_key(SigningKey.Use.ENTRA).key_id)
        time_machine.shift(timedelta(hours=8))
    assert len(used) == 2


def test_a_roll_between_question_and_answer_is_believed(
    carrier: Carrier, user: User, phone: SmsDevice, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    keys.rotate(SigningKey.Use.ENTRA)
    carrier.entra.discovery()
    time_machine.shift(timedelta(days=2) - timedelta(seconds=30))
    old = keys.signing_key(SigningKey.Use.ENTRA)
    carrier.arrive(carrier.entra.ask(user))
    carrier.walk.send(phone)
    time_machine.shift(timedelta(minutes=1))
    page = carrier.walk.code()
    assert keys.signing_key(SigningKey.Use.ENTRA) != old
    assert carrier.back(page) == user


def test_a_key_that_was_not_published_in_time_is_not_believed(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    _signs_in(carrier, user, phone)
    keys.rotate(SigningKey.Use.ENTRA, at_once=True)
    with pytest.raises(AnswerRefused, match="kid"):
        _signs_in(carrier, user, phone)
    carrier.entra.forget()
    _signs_in(carrier, user, phone)


def test_without_a_key_the_tenant_is_told_to_try_later(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    SigningKey.objects.all().delete()
    carrier.arrive(carrier.entra.ask(user))
    assert answer_of(carrier.by_sms(phone))["error"] == "temporarily_unavailable"
    assert [reason for reason, _account in refused()] == ["no_key"]
