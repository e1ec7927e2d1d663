"""Messages go from the queue to the gateway, and the result is recorded."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from mfa_sms import delivery, own_network, tasks
from mfa_sms.gateways import GatewayError, GatewayFault
from mfa_sms.message_references import make_reference
from mfa_sms.models import Attempt, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import Clock, queued
from tests.fixtures import Outbox

Status = TextMessage.Status


def test_a_message_goes_from_queued_through_sending_to_sent(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SMS_SENDER = "KU-TEST"
    statuses: list[str] = []
    gateway = FakeGateway(meanwhile=lambda: statuses.append(TextMessage.objects.get().status))
    use(monkeypatch, gateway)
    message = queued(phone)
    assert message.status == Status.QUEUED
    clock.forward(100)
    delivery.deliver(message.pk)
    assert statuses == [Status.SENDING]
    (sent,) = gateway.sent
    assert (sent.to, sent.sender, sent.validity) == ("+4526123478", "KU-TEST", 500)
    assert sent.reference == make_reference(message.pk, "fake")
    message.refresh_from_db()
    assert (message.status, message.gateway, message.gateway_message_id) == (
        Status.SENT,
        "fake",
        f"fake-{sent.reference}",
    )
    assert (message.error, message.tries, message.status_at) == ("", 1, timezone.now())
    assert message.sent_at == timezone.now()


def test_an_attempt_is_kept_of_each_message(clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakeGateway(meanwhile=lambda: clock.forward(2)))
    message = queued(phone)
    delivery.deliver(message.pk)
    attempt = Attempt.objects.get()
    assert (attempt.message_id, attempt.gateway, attempt.outcome) == (message.pk, "fake", Attempt.Outcome.ACCEPTED)
    assert attempt.gateway_message_id == f"fake-{make_reference(message.pk, 'fake')}"
    assert attempt.worker == own_network.worker_name()
    assert (attempt.ended_at - attempt.started_at, attempt.ended_at) == (timedelta(seconds=2), timezone.now())


@pytest.mark.parametrize("receipts", [True, False])
def test_a_gateway_is_told_where_its_receipts_go_if_it_sends_any(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, settings: Settings, receipts: bool
) -> None:
    settings.PORTAL_URL = "https://mfa.example.org"
    gateway = FakeGateway(wants_receipts=receipts)
    use(monkeypatch, gateway)
    delivery.deliver(queued(phone).pk)
    expected = "https://mfa.example.org/sms/receipts/fake/" if receipts else ""
    assert gateway.sent[0].receipt_url == expected


@pytest.mark.django_db(transaction=True)
def test_the_gateway_is_called_outside_any_transaction(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[bool] = []
    use(monkeypatch, FakeGateway(meanwhile=lambda: inside.append(connection.in_atomic_block)))
    delivery.deliver(queued(phone).pk)
    assert inside == [False]


@pytest.mark.django_db(transaction=True)
def test_the_connection_is_given_back_before_each_gateway_is_called(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    close = connection.close

    def note_and_close() -> None:
        happened.append("closed")
        close()

    first = FakeGateway("first", GatewayError(GatewayFault.UNAVAILABLE), meanwhile=lambda: happened.append("first"))
    use(monkeypatch, first, FakeGateway("second", meanwhile=lambda: happened.append("second")))
    message = queued(phone)
    with monkeypatch.context() as noting:
        noting.setattr(connection, "close", note_and_close)
        delivery.deliver(message.pk)
    assert happened == ["closed", "first", "closed", "second"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_no_connection_is_open_while_a_gateway_answers(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a database in memory lives as long as its connection")
    is_open: list[bool] = []
    use(monkeypatch, FakeGateway(meanwhile=lambda: is_open.append(connection.connection is not None)))
    delivery.deliver(queued(phone).pk)
    assert is_open == [False]


def test_a_message_that_is_delivered_twice_is_sent_once(phone: SmsDevice, sms_outbox: Outbox) -> None:
    message = queued(phone)
    tasks.send_code_message.delay(message.pk)
    tasks.send_code_message.delay(message.pk)
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
    assert (message.status, message.error) == (Status.CANCELLED, "no_key")
    assert sms_outbox.messages == []


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (GatewayFault.REFUSED, Status.REJECTED, "refused"),
        (GatewayFault.REJECTED, Status.REJECTED, "rejected"),
        (GatewayFault.UNAVAILABLE, Status.FAILED, "unavailable"),
        (GatewayFault.BUSY, Status.FAILED, "unavailable"),
        (GatewayFault.MISCONFIGURED, Status.FAILED, "unavailable"),
        (GatewayFault.UNKNOWN, Status.UNKNOWN, "unknown"),
    ],
)
def test_each_fault_of_the_only_gateway_has_its_status_in_the_end(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, settings: Settings, fault: GatewayFault, status: str, said: str
) -> None:
    use(monkeypatch, FakeGateway(error=GatewayError(fault, "http-500")))
    settings.SMS_TRIES = 1
    message = queued(phone, expires_at=timezone.now() + timedelta(seconds=2))
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, message.gateway, message.error) == (status, "fake", said)
    assert message.sent_at is None
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.code, attempt.gateway_message_id) == (fault.value, "http-500", "")


def test_every_fault_is_an_outcome() -> None:
    assert {fault.value for fault in GatewayFault} == set(Attempt.Outcome.values) - {"accepted"}


@pytest.mark.parametrize("error", [RuntimeError("no route to +4526123478"), ValueError("123456"), KeyError("to")])
def test_what_a_gateway_must_not_raise_is_unknown_and_not_logged(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    use(monkeypatch, FakeGateway(error=error))
    message = queued(phone)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, message.error) == (Status.QUEUED, "unknown")
    assert Attempt.objects.values_list("outcome", "code").get() == ("unknown", "exception")
    assert "26123478" not in caplog.text
    assert "123456" not in caplog.text
    assert type(error).__name__ in caplog.text


def test_a_late_answer_does_not_change_a_status_that_is_final(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FakeGateway(meanwhile=lambda: TextMessage.objects.update(status=Status.CANCELLED)))
    message = queued(phone)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert message.status == Status.CANCELLED
    assert message.gateway_message_id.startswith("fake-")


def test_a_message_with_less_than_a_second_to_live_is_not_sent(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = FakeGateway()
    use(monkeypatch, gateway)
    message = queued(phone, expires_at=timezone.now() + timedelta(milliseconds=990))
    delivery.deliver(message.pk)
    clock.forward(1)
    tasks.sweep_messages.delay()
    message.refresh_from_db()
    assert (message.status, message.error) == (Status.CANCELLED, "expired")
    assert gateway.sent == []
