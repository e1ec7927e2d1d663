"""A message is enqueued only after its row is committed."""

import time
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection, transaction

from common import publishing
from mfa_sms import delivery, dispatch, tasks
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.helpers import asked, queued
from tests.fixtures import Outbox, Walk

Status = TextMessage.Status


def refuse(*args: object, **kwargs: object) -> None:
    raise OSError("the broker at +4526123478 is gone")


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """The enqueued ids, and whether a transaction was open."""
    seen: list[tuple[int, bool]] = []
    monkeypatch.setattr(
        tasks.send_code_message, "delay", lambda message_id: seen.append((message_id, connection.in_atomic_block))
    )
    return seen


@pytest.mark.django_db(transaction=True)
def test_a_message_is_handed_over_after_the_commit(phone: SmsDevice, handed: list[tuple[int, bool]]) -> None:
    with transaction.atomic():
        asked(phone)
        assert handed == []
    assert handed == [(TextMessage.objects.get().pk, False)]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_hands_nothing_over(phone: SmsDevice, handed: list[tuple[int, bool]]) -> None:
    with transaction.atomic():
        asked(phone)
        transaction.set_rollback(True)
    assert handed == []
    assert not TextMessage.objects.exists()


def test_the_payload_is_the_id_alone(phone: SmsDevice, handed: list[tuple[int, bool]]) -> None:
    asked(phone)
    message_id = TextMessage.objects.get().pk
    dispatch.enqueue_code(message_id)
    assert [payload for payload, _ in handed] == [message_id]


def test_no_host_discards_a_payload_by_its_own_clock() -> None:
    assert tasks.send_code_message.expires is None
    assert tasks.send_notice_message.expires is None
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert "expires" not in entry["options"]


def test_without_a_broker_the_message_is_sent_from_here(
    walk: Walk, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    walk.to_password(phone.user)
    monkeypatch.setattr(tasks.send_code_message, "delay", refuse)
    assert walk.send(phone).redirect_chain == [("/sign-in/verify/code/", 302)]
    assert TextMessage.objects.get().status == Status.SENT
    assert "the broker did not take it (OSError)" in caplog.text
    assert "26123478" not in caplog.text
    assert "Vil du forblive logget ind" in walk.code().content.decode()


def test_what_the_broker_took_without_saying_so_is_sent_once(
    phone: SmsDevice, sms_outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    def take_and_break_off(message_id: int) -> None:
        taken.append(message_id)
        raise TimeoutError

    monkeypatch.setattr(tasks.send_code_message, "delay", take_and_break_off)
    message = queued(phone)
    dispatch.enqueue_code(message.pk)
    assert len(sms_outbox.messages) == 1
    # The broker is back, and a worker receives the task that it had kept.
    tasks.send_code_message(*taken)
    assert taken == [message.pk]
    assert len(sms_outbox.messages) == 1


def test_a_broker_that_took_nothing_is_left_alone_for_five_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked_at: list[float] = []
    sent: list[int] = []
    now = [time.monotonic()]

    def ask_in_vain(message_id: int) -> None:
        asked_at.append(now[0])
        raise OSError

    monkeypatch.setattr(publishing, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(tasks.send_code_message, "delay", ask_in_vain)
    monkeypatch.setattr(delivery, "deliver", sent.append)
    begin = now[0]
    for message_id, after in enumerate((0.0, 1.0, 4.9, 5.0, 9.9, 10.0)):
        now[0] = begin + after
        dispatch.enqueue_code(message_id)
    assert [round(at - begin, 1) for at in asked_at] == [0.0, 5.0, 10.0]
    assert sent == [0, 1, 2, 3, 4, 5]


def test_handing_over_never_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(message_id: int) -> None:
        raise RuntimeError

    monkeypatch.setattr(tasks.send_code_message, "delay", refuse)
    monkeypatch.setattr(delivery, "deliver", break_off)
    dispatch.enqueue_code(1)
