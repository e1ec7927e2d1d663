"""Operators are told once at 80 % and once at 100 % of a limit on a total."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import TestCase
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from audit.models import SecurityEvent
from limits import alarms, counting
from limits.catalogue import SMS_ENROLL_ABROAD_PER_HOUR as ABROAD
from limits.catalogue import SMS_TESTS_OF_DEVICE_PER_DAY as TESTS
from limits.limit import Use
from limits.models import LimitAlarm

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _told(settings: Settings, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)
    settings.SMS_ENROLL_ABROAD_PER_HOUR = 10
    settings.OPERATOR_EMAILS = ["drift@example.org"]


def send(times: int) -> None:
    for _ in range(times):
        with TestCase.captureOnCommitCallbacks(execute=True):
            counting.take_all([Use(ABROAD, "LV", label="+371")])


def test_asvs_2_4_1_at_80_per_cent_operators_are_warned_once() -> None:
    send(7)
    assert mail.outbox == []
    send(2)
    event = SecurityEvent.objects.get()
    assert (event.kind, event.reason, event.detail) == ("limit_alarm", "sms_enroll_abroad", "warning +371")
    assert [message.to for message in mail.outbox] == [["drift@example.org"]]
    assert "+371" in mail.outbox[0].body


def test_asvs_2_4_1_at_100_per_cent_operators_are_told_once_whatever_is_refused_after() -> None:
    send(100)
    assert [event.detail for event in SecurityEvent.objects.order_by("pk")] == ["warning +371", "reached +371"]
    assert len(mail.outbox) == 2


def test_the_next_window_is_told_again(time_machine: TimeMachineFixture) -> None:
    send(10)
    time_machine.shift(timedelta(hours=1))
    send(10)
    assert len(mail.outbox) == 4


def test_a_refused_use_raises_no_alarm_of_the_limits_that_it_did_not_use(settings: Settings) -> None:
    settings.SMS_TESTS_PER_DAY = 0
    settings.SMS_ENROLL_ABROAD_PER_HOUR = 1
    assert counting.take_all([Use(TESTS, "a"), Use(ABROAD, "LV")]) is not None
    assert LimitAlarm.objects.count() == 0


def test_a_mail_that_was_refused_is_sent_again_by_the_sweep(
    monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture
) -> None:
    def refuse(message: EmailMessage) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        send(8)
    alarms.sweep_alarms()
    assert mail.outbox == []
    time_machine.shift(timedelta(minutes=2))
    alarms.sweep_alarms()
    alarms.sweep_alarms()
    assert len(mail.outbox) == 1


def test_without_an_address_the_alarm_is_kept_for_the_overview(settings: Settings) -> None:
    settings.OPERATOR_EMAILS = []
    send(8)
    assert mail.outbox == []
    [alarm] = alarms.current()
    assert alarm.until == timezone.now() + timedelta(hours=1)
    assert "+371" in alarms.describe(alarm)
