"""Receipts are applied in any order, repeatedly, and even before the message is recorded as sent."""

import itertools
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from mfa_sms import delivery, receipts
from mfa_sms.gateways import GatewayFault, ParsedReceipt, ReceiptState
from mfa_sms.models import Attempt, Receipt, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, failing, use
from mfa_sms.tests.helpers import Clock, queued
from mfa_sms.tests.races import at_once

Status = TextMessage.Status
_numbers = itertools.count()


def come(reference: object, state: str = "delivered", gateway: str = "fake", **fields: Any) -> Receipt:
    """Store a receipt without applying it."""
    values = {"event_id": str(next(_numbers)), "raw": "", "raw_status": state.upper(), "state": state, **fields}
    return Receipt.objects.create(gateway=gateway, reference=str(reference), **values)


def reported(message: TextMessage, state: str = "delivered", gateway: str = "fake", **fields: Any) -> TextMessage:
    """Store a receipt for the message and apply it."""
    come(message.pk, state, gateway, **fields)
    receipts.sweep_receipts()
    message.refresh_from_db()
    return message


@pytest.fixture
def sent(phone: SmsDevice) -> TextMessage:
    """A message that a gateway has accepted."""
    return queued(phone, status=Status.SENT, gateway="fake", sent_at=timezone.now())


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("delivered", Status.DELIVERED),
        ("undeliverable", Status.UNDELIVERABLE),
        ("expired", Status.EXPIRED),
        ("rejected", Status.REJECTED),
        ("sent", Status.SENT),
        ("unchanged", Status.SENT),
    ],
)
def test_each_state_has_its_status(clock: Clock, sent: TextMessage, state: str, status: str) -> None:
    clock.forward(4)
    reported(sent, state, code="0x1f")
    changed = status != Status.SENT
    assert sent.status == status
    assert (sent.receipt_at == timezone.now()) is changed
    assert (sent.status_at == timezone.now()) is changed
    assert sent.error == ("0x1f" if status not in (Status.SENT, Status.DELIVERED) else "")
    receipt = Receipt.objects.get()
    assert (receipt.message, receipt.processed_at, receipt.raw_status) == (sent, timezone.now(), state.upper())


def test_every_state_but_one_means_a_status() -> None:
    assert set(receipts._STATUS) == set(ReceiptState) - {ReceiptState.UNCHANGED}


@pytest.mark.parametrize("final", sorted(TextMessage.FINAL))
@pytest.mark.parametrize("state", ["sent", "delivered", "undeliverable", "expired", "rejected"])
def test_a_final_status_is_final(sent: TextMessage, final: str, state: str) -> None:
    TextMessage.objects.update(status=final)
    assert reported(sent, state).status == final


@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "sent", "delivered"])))
def test_receipts_may_come_in_any_order(sent: TextMessage, order: tuple[str, ...]) -> None:
    for state in order:
        reported(sent, state)
    assert sent.status == Status.DELIVERED


def test_the_same_receipt_changes_nothing_the_second_time(clock: Clock, sent: TextMessage) -> None:
    report = ParsedReceipt("event-1", str(sent.pk), "", ReceiptState.DELIVERED, "DELIVERED")
    receipts.store("fake", "", [report])
    receipts.sweep_receipts()
    first = TextMessage.objects.get().receipt_at
    clock.forward(5)
    receipts.store("fake", "", [report, report])
    receipts.sweep_receipts()
    assert Receipt.objects.count() == 1
    assert TextMessage.objects.get().receipt_at == first


def test_two_gateways_may_use_the_same_event_id(sent: TextMessage) -> None:
    for gateway in ("fake", "other"):
        receipts.store(gateway, "", [ParsedReceipt("event-1", str(sent.pk), "", ReceiptState.SENT, "")])
    assert Receipt.objects.count() == 2


@pytest.mark.parametrize("state", ["sent", "delivered", "undeliverable"])
def test_a_receipt_may_come_before_the_answer_to_the_send(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    message = queued(phone)
    use(monkeypatch, FakeGateway(wants_receipts=True, meanwhile=lambda: reported(message, state)))
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, message.gateway) == (state, "fake")
    assert message.gateway_message_id == f"fake-{message.pk}"
    assert message.sent_at is not None
    assert reported(message, "delivered").status == ("delivered" if state == "sent" else state)


@pytest.mark.parametrize("status", [Status.QUEUED, Status.SENDING, Status.UNKNOWN, Status.FAILED])
def test_what_arrived_has_arrived_whatever_we_thought(phone: SmsDevice, status: str) -> None:
    message = reported(queued(phone, status=status))
    assert (message.status, message.gateway) == (Status.DELIVERED, "fake")
    assert message.sent_at == message.receipt_at is not None


def test_what_has_arrived_is_not_sent_again(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = FakeGateway()
    use(monkeypatch, gateway)
    delivery.deliver(reported(queued(phone)).pk)
    assert gateway.sent == []


def after_a_silent_gateway(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> TextMessage:
    """Send a message through the second gateway, after the first did not answer."""
    use(monkeypatch, failing("first", GatewayFault.UNKNOWN), FakeGateway("second"))
    message = queued(phone)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert message.gateway == "second"
    return message


@pytest.mark.parametrize("state", ["undeliverable", "expired", "rejected"])
def test_that_the_silent_gateway_did_not_deliver_does_not_end_what_another_sent(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    message = reported(after_a_silent_gateway(phone, monkeypatch), state, "first")
    assert (message.status, message.gateway) == (Status.SENT, "second")
    assert reported(message, "delivered", "second").status == Status.DELIVERED


def test_that_the_silent_gateway_did_deliver_counts(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    message = reported(after_a_silent_gateway(phone, monkeypatch), "delivered", "first")
    assert (message.status, message.gateway) == (Status.DELIVERED, "first")


def test_that_the_silent_gateway_has_it_on_its_way_changes_nothing(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = reported(after_a_silent_gateway(phone, monkeypatch), "sent", "first")
    assert (message.status, message.gateway) == (Status.SENT, "second")


def test_of_two_silent_gateways_the_last_one_asked_may_say_that_it_did_not_arrive(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(
        monkeypatch,
        failing("first", GatewayFault.UNKNOWN),
        failing("second", GatewayFault.UNKNOWN),
        FakeGateway("third"),
    )
    message = queued(phone)
    delivery.deliver(message.pk)
    assert reported(message, "undeliverable", "second").status == Status.UNDELIVERABLE


def attempted(message: TextMessage, gateway_message_id: str, gateway: str = "fake") -> None:
    Attempt.objects.create(
        message=message,
        gateway=gateway,
        outcome="accepted",
        gateway_message_id=gateway_message_id,
        started_at=timezone.now(),
    )


def test_asvs_4_1_5_another_customers_message_with_our_reference_is_not_ours(clock: Clock, sent: TextMessage) -> None:
    attempted(sent, "ours")
    assert reported(sent, gateway_message_id="theirs").status == Status.SENT
    assert Receipt.objects.get().processed_at is None
    clock.forward(minutes=5)
    receipts.sweep_receipts()
    receipt = Receipt.objects.get()
    assert (receipt.message, receipt.processed_at) == (None, timezone.now())


def test_the_gateways_own_id_of_each_try_is_known(sent: TextMessage) -> None:
    attempted(sent, "first-try")
    attempted(sent, "second-try")
    assert reported(sent, gateway_message_id="first-try").status == Status.DELIVERED


def test_a_receipt_without_the_gateways_id_is_found_by_our_reference(sent: TextMessage) -> None:
    attempted(sent, "ours")
    assert reported(sent).status == Status.DELIVERED


@pytest.mark.parametrize("reference", ["", "test", "9" * 19, "²"])
def test_a_receipt_without_our_reference_is_found_by_the_gateways_id(sent: TextMessage, reference: str) -> None:
    attempted(sent, "ours")
    come(reference, gateway_message_id="ours")
    receipts.sweep_receipts()
    sent.refresh_from_db()
    assert sent.status == Status.DELIVERED


def test_the_same_id_at_another_gateway_is_another_message(sent: TextMessage) -> None:
    attempted(sent, "ours")
    come("", gateway="other", gateway_message_id="ours")
    receipts.sweep_receipts()
    sent.refresh_from_db()
    assert sent.status == Status.SENT


def test_a_receipt_without_any_id_finds_no_message(sent: TextMessage) -> None:
    attempted(sent, "")
    come("")
    receipts.sweep_receipts()
    sent.refresh_from_db()
    assert sent.status == Status.SENT


def test_a_receipt_waits_for_its_message(clock: Clock, phone: SmsDevice) -> None:
    message = queued(phone, status=Status.SENDING)
    receipt = come("", gateway_message_id="late")
    receipts.sweep_receipts()
    receipt.refresh_from_db()
    assert receipt.processed_at is None
    clock.forward(299)
    attempted(message, "late")
    receipts.sweep_receipts()
    message.refresh_from_db()
    assert message.status == Status.DELIVERED


def test_a_receipt_that_nobody_expects_is_put_aside_after_five_minutes(clock: Clock, db: None) -> None:
    receipt = come(4711)
    clock.forward(minutes=5)
    receipts.sweep_receipts()
    receipt.refresh_from_db()
    assert (receipt.message, receipt.processed_at) == (None, timezone.now())


def test_receipts_that_nobody_expects_do_not_hold_up_the_others(
    sent: TextMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "_BATCH", 3)
    for number in range(3):
        come(f"another-customers-{number}")
    assert reported(sent).status == Status.DELIVERED


def test_long_words_of_a_gateway_are_cut_and_not_refused(sent: TextMessage) -> None:
    long = "x" * 100
    receipts.store("fake", "", [ParsedReceipt(long, str(sent.pk), long, ReceiptState.SENT, long, long)])
    receipt = Receipt.objects.get()
    assert (receipt.event_id, receipt.raw_status, receipt.code) == ("x" * 64, "x" * 32, "x" * 32)


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_workers_at_once_apply_each_receipt_once(sent: TextMessage) -> None:
    for state in ("undeliverable", "delivered") * 5:
        come(sent.pk, state)
    assert at_once([receipts.sweep_receipts] * 4) == [None] * 4
    assert not Receipt.objects.filter(processed_at=None).exists()
    sent.refresh_from_db()
    assert sent.status in (Status.DELIVERED, Status.UNDELIVERABLE)


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_a_receipt_that_another_worker_has_in_hand_is_passed_over(sent: TextMessage) -> None:
    receipt = come(sent.pk)
    with transaction.atomic():
        Receipt.objects.select_for_update().get(pk=receipt.pk)
        assert at_once([receipts.sweep_receipts]) == [None]
    sent.refresh_from_db()
    assert sent.status == Status.SENT


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_of_the_same_receipt_twice_at_once_one_is_kept(sent: TextMessage) -> None:
    report = ParsedReceipt("event-1", str(sent.pk), "", ReceiptState.DELIVERED, "DELIVERED")
    assert at_once([partial(receipts.store, "fake", "", [report])] * 4) == [None] * 4
    assert Receipt.objects.count() == 1
