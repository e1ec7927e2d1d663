"""From the queue to the gateway, and what is recorded."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from mfa_sms import delivery, gateways, tasks
from mfa_sms.gateways import Fault, GatewayError, OutgoingMessage, SendResult
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.helpers import Clock, queued
from tests.fixtures import Outbox

Status = TextMessage.Status


class FakeGateway:
    """Does what it is told, and remembers what it was given and what the row said meanwhile."""

    slug = "fake"

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.sent: list[OutgoingMessage] = []
        self.statuses: list[str] = []
        self.in_transaction: list[bool] = []

    def send(self, message: OutgoingMessage) -> SendResult:
        self.sent.append(message)
        self.statuses.append(TextMessage.objects.get(pk=int(message.reference)).status)
        self.in_transaction.append(connection.in_atomic_block)
        if self.error is not None:
            raise self.error
        return SendResult("their-id")


def use(monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> FakeGateway:
    gateway = FakeGateway(error)
    monkeypatch.setattr(gateways, "configured", lambda: [gateway])
    return gateway


def test_a_message_goes_from_queued_through_sending_to_sent(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SMS_SENDER = "KU-TEST"
    gateway = use(monkeypatch)
    message = queued(phone)
    assert message.status == Status.QUEUED
    clock.forward(100)
    delivery.deliver(message.pk)
    assert gateway.statuses == [Status.SENDING]
    (sent,) = gateway.sent
    assert (sent.to, sent.sender, sent.reference, sent.validity) == ("+4526123478", "KU-TEST", str(message.pk), 500)
    message.refresh_from_db()
    assert (message.status, message.gateway, message.gateway_message_id) == (Status.SENT, "fake", "their-id")
    assert (message.error, message.tries, message.status_at) == ("", 1, timezone.now())


@pytest.mark.django_db(transaction=True)
def test_the_gateway_is_called_outside_any_transaction(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = use(monkeypatch)
    delivery.deliver(queued(phone).pk)
    assert gateway.in_transaction == [False]


def test_a_message_that_is_delivered_twice_is_sent_once(phone: SmsDevice, sms_outbox: Outbox) -> None:
    message = queued(phone)
    tasks.send_text_message.delay(message.pk)
    tasks.send_text_message.delay(message.pk)
    assert len(sms_outbox.messages) == 1
    message.refresh_from_db()
    assert message.tries == 1


@pytest.mark.parametrize("status", [status for status in Status if status != Status.QUEUED])
def test_a_message_in_any_other_state_is_left_alone(phone: SmsDevice, sms_outbox: Outbox, status: str) -> None:
    message = queued(phone, status=status)
    delivery.deliver(message.pk)
    assert sms_outbox.messages == []
    assert TextMessage.objects.get().status == status


def test_a_message_that_is_not_there_is_no_error(db: None) -> None:
    delivery.deliver(0)


@pytest.mark.parametrize(("seconds", "status"), [(1, Status.SENT), (0, Status.CANCELLED), (-60, Status.CANCELLED)])
def test_nothing_is_sent_after_its_code_has_expired(
    clock: Clock, phone: SmsDevice, sms_outbox: Outbox, seconds: int, status: str
) -> None:
    message = queued(phone, expires_at=timezone.now() + timedelta(seconds=seconds))
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert message.status == status
    assert len(sms_outbox.messages) == (1 if status == Status.SENT else 0)
    assert message.error == ("" if status == Status.SENT else "expired")


def test_a_message_whose_key_was_removed_is_cancelled(phone: SmsDevice, sms_outbox: Outbox, settings: Settings) -> None:
    message = queued(phone)
    settings.SMS_CODE_KEYS = ["n" * 40]
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, message.error) == (Status.CANCELLED, "no_code")
    assert sms_outbox.messages == []


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.REFUSED, Status.REJECTED),
        (Fault.REJECTED, Status.REJECTED),
        (Fault.UNAVAILABLE, Status.FAILED),
        (Fault.MISCONFIGURED, Status.FAILED),
        (Fault.UNKNOWN, Status.UNKNOWN),
    ],
)
def test_each_fault_of_a_gateway_has_its_status(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, fault: Fault, status: str
) -> None:
    use(monkeypatch, GatewayError(fault))
    message = queued(phone)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, message.gateway, message.error) == (status, "fake", fault.value)


def test_every_fault_has_a_status() -> None:
    assert set(delivery._STATUS_OF_FAULT) == set(Fault)


@pytest.mark.parametrize("error", [RuntimeError("no route to +4526123478"), ValueError("123456"), KeyError("to")])
def test_what_a_gateway_must_not_raise_is_unknown_and_not_logged(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    use(monkeypatch, error)
    message = queued(phone)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, message.error) == (Status.UNKNOWN, "exception")
    assert "26123478" not in caplog.text
    assert "123456" not in caplog.text
    assert type(error).__name__ in caplog.text


def test_a_late_answer_does_not_change_a_status_that_is_final(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = use(monkeypatch)
    message = queued(phone)

    def send(outgoing: OutgoingMessage) -> SendResult:
        TextMessage.objects.update(status=Status.CANCELLED)
        return SendResult("their-id")

    monkeypatch.setattr(gateway, "send", send)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert message.status == Status.CANCELLED


def test_a_message_still_has_a_second_to_live_at_the_gateway(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = use(monkeypatch)
    delivery.deliver(queued(phone, expires_at=timezone.now() + timedelta(milliseconds=10)).pk)
    assert gateway.sent[0].validity == 1
