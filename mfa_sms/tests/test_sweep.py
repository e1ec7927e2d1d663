"""What the queue has lost is found again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mfa_sms import sending, tasks
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.helpers import Clock, queued
from tests.fixtures import Outbox, Walk

Status = TextMessage.Status


def test_a_message_that_has_waited_too_long_is_sent(clock: Clock, phone: SmsDevice, sms_outbox: Outbox) -> None:
    queued(phone)
    clock.forward(9)
    tasks.sweep.delay()
    assert sms_outbox.messages == []
    clock.forward(1)
    tasks.sweep.delay()
    assert len(sms_outbox.messages) == 1
    tasks.sweep.delay()
    assert len(sms_outbox.messages) == 1


def test_a_message_that_has_outlived_its_code_is_cancelled(clock: Clock, phone: SmsDevice, sms_outbox: Outbox) -> None:
    message = queued(phone)
    clock.forward(600)
    tasks.sweep.delay()
    message.refresh_from_db()
    assert (message.status, message.error, message.status_at) == (Status.CANCELLED, "expired", timezone.now())
    assert sms_outbox.messages == []


@pytest.mark.parametrize("status", [Status.SENT, Status.REJECTED, Status.FAILED, Status.UNKNOWN, Status.CANCELLED])
def test_what_is_final_is_left_alone(clock: Clock, phone: SmsDevice, sms_outbox: Outbox, status: str) -> None:
    queued(phone, status=status)
    for seconds in (60, 600):
        clock.forward(seconds)
        tasks.sweep.delay()
        assert TextMessage.objects.get().status == status
    assert sms_outbox.messages == []


def test_a_message_whose_worker_was_killed_is_sent_again_while_its_code_lives(
    clock: Clock, phone: SmsDevice, sms_outbox: Outbox
) -> None:
    queued(phone, status=Status.SENDING, tries=1)
    clock.forward(minutes=5)
    tasks.sweep.delay()
    assert len(sms_outbox.messages) == 1
    assert TextMessage.objects.get().status == Status.SENT


def test_a_message_whose_worker_was_killed_is_not_left_sending_for_ever(clock: Clock, phone: SmsDevice) -> None:
    queued(phone, status=Status.SENDING, tries=1)
    clock.forward(minutes=11)
    tasks.sweep.delay()
    assert TextMessage.objects.get().status != Status.SENDING


def test_without_a_broker_the_request_succeeds_and_the_sweep_sends(
    clock: Clock, walk: Walk, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError("the broker at +4526123478 is gone")

    walk.to_password(phone.user)
    with monkeypatch.context() as broken:
        broken.setattr(tasks.send_text_message, "delay", refuse)
        assert walk.send(phone).redirect_chain == [("/sign-in/verify/code/", 302)]
    assert TextMessage.objects.get().status == Status.QUEUED
    assert "the broker did not take it" in caplog.text
    assert "26123478" not in caplog.text
    clock.forward(10)
    tasks.sweep.delay()
    assert "Vil du forblive logget ind" in walk.code().content.decode()


def test_handing_over_never_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(tasks.send_text_message, "delay", refuse)
    sending.hand_over(1)


def test_the_sweep_of_many_hands_over_a_thousand_at_a_time(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[int] = []
    monkeypatch.setattr(sending, "hand_over", handed.append)
    message = queued(phone)
    fields = {"number": message.number, "expires_at": message.expires_at, "language": "da", "purpose": "sign_in"}
    old = timezone.now() - timedelta(minutes=1)
    TextMessage.objects.bulk_create(
        TextMessage(account=phone.user, device=phone, status_at=old, **fields) for _ in range(1001)
    )
    tasks.sweep.delay()
    assert len(set(handed)) == len(handed) == 1000
