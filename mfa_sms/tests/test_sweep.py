"""The sweep finds messages that the queue lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from common.publishing import BACKLOG
from mfa_sms import sweep, tasks
from mfa_sms.message_references import make_reference
from mfa_sms.models import Attempt, Receipt, SmsDevice, TextMessage
from mfa_sms.tests.helpers import Clock, queued
from tests.fixtures import Outbox

Status = TextMessage.Status


def test_a_message_that_has_waited_too_long_is_sent(clock: Clock, phone: SmsDevice, sms_outbox: Outbox) -> None:
    queued(phone)
    clock.forward(2)
    tasks.sweep_messages.delay()
    assert sms_outbox.messages == []
    clock.forward(1)
    tasks.sweep_messages.delay()
    assert len(sms_outbox.messages) == 1
    tasks.sweep_messages.delay()
    assert len(sms_outbox.messages) == 1


def test_a_message_that_has_outlived_its_code_is_cancelled(clock: Clock, phone: SmsDevice, sms_outbox: Outbox) -> None:
    message = queued(phone)
    clock.forward(600)
    tasks.sweep_messages.delay()
    message.refresh_from_db()
    assert (message.status, message.error, message.status_at) == (Status.CANCELLED, "expired", timezone.now())
    assert sms_outbox.messages == []


@pytest.mark.parametrize("status", [status for status in Status if status not in ("queued", "sending")])
def test_what_is_final_is_left_alone(clock: Clock, phone: SmsDevice, sms_outbox: Outbox, status: str) -> None:
    queued(phone, status=status)
    for seconds in (60, 600):
        clock.forward(seconds)
        tasks.sweep_messages.delay()
        assert TextMessage.objects.get().status == status
    assert sms_outbox.messages == []


def test_a_message_whose_worker_was_killed_is_sent_again_while_its_code_lives(
    clock: Clock, phone: SmsDevice, sms_outbox: Outbox
) -> None:
    queued(phone, status=Status.SENDING, tries=1)
    clock.forward(minutes=5)
    tasks.sweep_messages.delay()
    assert len(sms_outbox.messages) == 1
    assert TextMessage.objects.get().status == Status.SENT


def test_a_message_that_a_worker_has_just_taken_is_left_to_it(
    clock: Clock, phone: SmsDevice, sms_outbox: Outbox, settings: Settings
) -> None:
    queued(phone, status=Status.SENDING, next_at=timezone.now() + settings.SMS_STUCK_AFTER)
    clock.forward(19)
    tasks.sweep_messages.delay()
    assert sms_outbox.messages == []
    clock.forward(1)
    tasks.sweep_messages.delay()
    assert len(sms_outbox.messages) == 1


def test_a_message_that_may_have_cost_three_copies_is_given_up(
    clock: Clock, phone: SmsDevice, sms_outbox: Outbox
) -> None:
    message = queued(phone, status=Status.SENDING, gateway="file", tries=3)
    for _ in range(2):
        Attempt.objects.create(message=message, gateway="file", outcome="unknown", started_at=timezone.now())
    clock.forward(30)
    tasks.sweep_messages.delay()
    message.refresh_from_db()
    assert (message.status, message.error, message.status_at) == (Status.UNKNOWN, "worker_lost", timezone.now())
    assert sms_outbox.messages == []


def test_a_message_whose_worker_was_killed_and_whose_code_is_dead_may_have_been_sent(
    clock: Clock, phone: SmsDevice, sms_outbox: Outbox
) -> None:
    message = queued(phone, status=Status.SENDING, tries=1)
    clock.forward(600)
    tasks.sweep_messages.delay()
    message.refresh_from_db()
    assert (message.status, message.error) == (Status.UNKNOWN, "worker_lost")
    assert sms_outbox.messages == []


def test_a_message_that_is_just_being_sent_when_its_code_dies_is_left_to_its_worker(
    clock: Clock, phone: SmsDevice
) -> None:
    fields = {"expires_at": timezone.now() + timedelta(seconds=5), "next_at": timezone.now() + timedelta(seconds=20)}
    queued(phone, status=Status.SENDING, **fields)
    clock.forward(19)
    tasks.sweep_messages.delay()
    assert TextMessage.objects.get().status == Status.SENDING


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids that the sweep enqueues. All of them get lost."""
    ids: list[int] = []
    monkeypatch.setattr(sweep, "enqueue_code", ids.append)
    return ids


def test_the_pause_between_two_hand_overs_doubles(clock: Clock, phone: SmsDevice, handed: list[int]) -> None:
    queued(phone)
    at: list[int] = []
    for second in range(1, 600):
        clock.forward(1)
        tasks.sweep_messages.delay()
        if len(handed) > len(at):
            at.append(second)
    assert at == [3, 9, 21, 45, 93, 189, 381, 573]


def test_a_message_is_handed_over_outside_the_transaction_that_found_it(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    depths: list[int] = []
    monkeypatch.setattr(sweep, "enqueue_code", lambda message_id: depths.append(len(connection.savepoint_ids)))
    queued(phone)
    clock.forward(10)
    before = len(connection.savepoint_ids)
    sweep.sweep_messages()
    assert depths == [before]


def test_the_attempt_of_a_worker_that_was_lost_is_known(clock: Clock, phone: SmsDevice, handed: list[int]) -> None:
    message = queued(phone, status=Status.SENDING, gateway="file")
    clock.forward(20)
    sweep.sweep_messages()
    message.refresh_from_db()
    assert (message.status, message.error, handed) == (Status.QUEUED, "worker_lost", [message.pk])
    attempt = Attempt.objects.get()
    assert (attempt.gateway, attempt.outcome, attempt.code) == ("file", "unknown", "worker_lost")


def test_a_message_that_is_to_be_tried_later_is_left_until_then(
    clock: Clock, phone: SmsDevice, handed: list[int]
) -> None:
    queued(phone, tries=4, next_at=timezone.now() + timedelta(seconds=60))
    clock.forward(59)
    assert sweep.sweep_messages() == 0
    clock.forward(1)
    assert sweep.sweep_messages() == 1


def test_the_sweep_says_how_many_it_has_handed_over(clock: Clock, phone: SmsDevice, handed: list[int]) -> None:
    messages = [queued(phone), queued(phone, status=Status.SENDING)]
    clock.forward(30)
    assert sweep.sweep_messages() == 2
    assert sorted(handed) == [message.pk for message in messages]
    assert sweep.sweep_messages() == 0


def many(phone: SmsDevice, count: int, **fields: Any) -> None:
    one = queued(phone, status=Status.SENT)
    fields = {"number": one.number, "expires_at": one.expires_at, "language": "da", "purpose": "sign_in", **fields}
    TextMessage.objects.bulk_create(TextMessage(account=phone.user, device=phone, **fields) for _ in range(count))


def test_the_sweep_of_many_takes_no_more_at_a_time_than_the_hand_over_has_room_for(
    clock: Clock, phone: SmsDevice, handed: list[int]
) -> None:
    many(phone, 160, next_at=timezone.now() - timedelta(minutes=1))
    tasks.sweep_messages.delay()
    assert len(set(handed)) == len(handed) == 150 < BACKLOG
    tasks.sweep_messages.delay()
    assert len(set(handed)) == 160


def test_messages_that_pause_do_not_hold_up_the_others(clock: Clock, phone: SmsDevice, handed: list[int]) -> None:
    many(phone, 500, next_at=timezone.now() + timedelta(seconds=20), dispatches=5)
    waiting = queued(phone)
    clock.forward(10)
    tasks.sweep_messages.delay()
    assert handed == [waiting.pk]


def test_the_sweep_of_receipts_applies_those_that_wait(phone: SmsDevice) -> None:
    message = queued(phone, status=Status.SENT, gateway="fake")
    reference = make_reference(message.pk, "fake")
    Receipt.objects.create(gateway="fake", event_id="1", raw="", reference=reference, state="delivered", raw_status="1")
    tasks.sweep_receipts.delay()
    message.refresh_from_db()
    assert message.status == Status.DELIVERED
