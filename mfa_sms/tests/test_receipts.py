"""Receipts are applied in any order, repeatedly, and even before the message is recorded as sent."""

import itertools
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from mfa_sms import delivery, receipts
from mfa_sms.gateways import GatewayFault, ParsedReceipt, ReceiptState
from mfa_sms.message_references import make_reference
from mfa_sms.models import Attempt, Receipt, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, failing, use
from mfa_sms.tests.helpers import Clock, queued
from mfa_sms.tests.races import at_once

Status = TextMessage.Status
_numbers = itertools.count()


def come(about: int | str, state: str = "delivered", gateway: str = "fake", **fields: Any) -> Receipt:
    """Store a receipt without applying it: about the message with this id, or with this reference."""
    reference = make_reference(about, gateway) if isinstance(about, int) else about
    values = {"event_id": str(next(_numbers)), "raw": "", "raw_status": state.upper(), "state": state, **fields}
    return Receipt.objects.create(gateway=gateway, reference=reference, **values)


def reported(message: TextMessage, state: str = "delivered", gateway: str = "fake", **fields: Any) -> TextMessage:
    """Store a receipt for the message and apply it."""
    come(message.pk, state, gateway, **fields)
    receipts.sweep_receipts()
    message.refresh_from_db()
    return message


@pytest.fixture
def sent(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> TextMessage:
    """A message that the only gateway has accepted."""
    use(monkeypatch, FakeGateway())
    message = queued(phone, status=Status.SENT, gateway="fake", sent_at=timezone.now())
    attempted(message, "fake-1")
    return message


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


def test_a_delivered_message_stays_delivered(sent: TextMessage) -> None:
    reported(sent)
    for state in ("sent", "undeliverable", "expired", "rejected"):
        assert reported(sent, state).status == Status.DELIVERED


@pytest.mark.parametrize(
    "status", [Status.UNDELIVERABLE, Status.EXPIRED, Status.REJECTED, Status.UNKNOWN, Status.FAILED]
)
def test_what_arrived_after_all_has_arrived(sent: TextMessage, status: str) -> None:
    TextMessage.objects.update(status=status)
    assert reported(sent).status == Status.DELIVERED


def test_a_message_that_was_never_tried_has_no_receipts(phone: SmsDevice) -> None:
    message = queued(phone)
    assert reported(message).status == Status.QUEUED
    assert Receipt.objects.get().message is None


def test_a_cancelled_message_stays_cancelled(sent: TextMessage) -> None:
    TextMessage.objects.update(status=Status.CANCELLED)
    assert reported(sent).status == Status.CANCELLED


def test_receipts_of_a_message_of_last_week_change_nothing(clock: Clock, sent: TextMessage) -> None:
    clock.forward(days=7)
    assert reported(sent).status == Status.SENT


@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "sent", "delivered"])))
def test_receipts_may_come_in_any_order(sent: TextMessage, order: tuple[str, ...]) -> None:
    for state in order:
        reported(sent, state)
    assert sent.status == Status.DELIVERED


def test_the_same_receipt_changes_nothing_the_second_time(clock: Clock, sent: TextMessage) -> None:
    report = ParsedReceipt("event-1", make_reference(sent.pk, "fake"), "", ReceiptState.DELIVERED, "DELIVERED")
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
        receipts.store(
            gateway, "", [ParsedReceipt("event-1", make_reference(sent.pk, gateway), "", ReceiptState.SENT, "")]
        )
    assert Receipt.objects.count() == 2


@pytest.mark.parametrize("state", ["sent", "delivered", "undeliverable", "rejected"])
def test_a_receipt_may_come_before_the_answer_to_the_send(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    message = queued(phone)
    use(monkeypatch, FakeGateway(wants_receipts=True, meanwhile=lambda: reported(message, state)))
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, message.gateway) == ("delivered" if state == "delivered" else "sent", "fake")
    assert message.gateway_message_id.startswith("fake-")
    assert message.sent_at is not None
    receipts.sweep_receipts()
    message.refresh_from_db()
    assert message.status == state
    assert not Receipt.objects.filter(processed_at=None).exists()


def test_a_failure_reported_while_another_gateway_is_asked_ends_nothing(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = queued(phone)
    second = FakeGateway("second", meanwhile=lambda: reported(message, "undeliverable", "first"))
    use(monkeypatch, failing("first", GatewayFault.UNKNOWN), second)
    delivery.deliver(message.pk)
    receipts.sweep_receipts()
    message.refresh_from_db()
    assert (message.status, message.gateway) == (Status.SENT, "second")
    assert reported(message, "delivered", "second").status == Status.DELIVERED


@pytest.mark.parametrize("status", [Status.SENDING, Status.UNKNOWN, Status.FAILED])
def test_what_arrived_has_arrived_whatever_we_thought(phone: SmsDevice, status: str) -> None:
    message = reported(queued(phone, status=status))
    assert (message.status, message.gateway) == (Status.DELIVERED, "fake")
    assert message.sent_at == message.receipt_at is not None


def test_what_has_arrived_is_not_sent_again(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = FakeGateway()
    use(monkeypatch, gateway)
    message = queued(phone, tries=1)
    attempted(message, "", outcome="unknown")
    delivery.deliver(reported(message).pk)
    assert (message.status, gateway.sent) == (Status.DELIVERED, [])


@pytest.mark.parametrize(("seconds", "status"), [(0, Status.SENT), (599, Status.REJECTED)])
def test_what_the_operator_rejects_later_goes_to_the_next_gateway_while_the_code_lives(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, seconds: int, status: str
) -> None:
    second = FakeGateway("second")
    use(monkeypatch, FakeGateway("first"), second)
    message = queued(phone)
    delivery.deliver(message.pk)
    clock.forward(seconds)
    assert reported(message, "rejected", "first").status == status
    assert len(second.sent) == (1 if status == Status.SENT else 0)


def test_what_every_operator_rejects_later_is_rejected(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = FakeGateway("first"), FakeGateway("second")
    use(monkeypatch, first, second)
    message = queued(phone)
    delivery.deliver(message.pk)
    reported(message, "rejected", "first")
    assert reported(message, "rejected", "second", code="barred").status == Status.REJECTED
    assert (message.error, len(first.sent), len(second.sent)) == ("barred", 1, 1)


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


def test_of_two_silent_gateways_both_must_say_that_it_did_not_arrive(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing("first", GatewayFault.UNKNOWN), failing("second", GatewayFault.UNKNOWN))
    message = queued(phone)
    delivery.deliver(message.pk)
    assert reported(message, "undeliverable", "second").status == Status.QUEUED
    assert reported(message, "undeliverable", "first").status == Status.UNDELIVERABLE


def attempted(message: TextMessage, gateway_message_id: str, gateway: str = "fake", outcome: str = "accepted") -> None:
    Attempt.objects.create(
        message=message,
        gateway=gateway,
        outcome=outcome,
        gateway_message_id=gateway_message_id,
        started_at=timezone.now(),
    )


@pytest.mark.parametrize(
    "reference", ["{pk}", "{pk}-", "{pk}-0123456789abcdef0123456789abcdef", "", "test", "9" * 19, "²"]
)
@pytest.mark.parametrize("message_id", ["fake-1", "theirs", ""])
def test_asvs_4_1_5_only_a_reference_that_we_made_is_ours(sent: TextMessage, reference: str, message_id: str) -> None:
    come(reference.format(pk=sent.pk), gateway_message_id=message_id)
    receipts.sweep_receipts()
    sent.refresh_from_db()
    assert sent.status == Status.SENT
    receipt = Receipt.objects.get()
    assert receipt.message is None
    assert receipt.processed_at is not None


def test_asvs_4_1_5_a_gateway_reports_only_on_what_it_was_given(sent: TextMessage) -> None:
    come(make_reference(sent.pk, "fake"), gateway="other")
    receipts.sweep_receipts()
    sent.refresh_from_db()
    assert sent.status == Status.SENT


def test_a_reference_made_under_the_key_before_is_still_ours(sent: TextMessage, settings: Settings) -> None:
    reference = make_reference(sent.pk, "fake")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the-next-key", [settings.SECRET_KEY]
    come(reference)
    receipts.sweep_receipts()
    sent.refresh_from_db()
    assert sent.status == Status.DELIVERED


def test_a_second_copy_with_another_id_may_be_the_one_that_arrived(sent: TextMessage) -> None:
    assert reported(sent, "undeliverable", gateway_message_id="fake-1").status == Status.UNDELIVERABLE
    assert reported(sent, gateway_message_id="fake-2").status == Status.DELIVERED


def test_receipts_that_nobody_expects_do_not_hold_up_the_others(
    sent: TextMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "_BATCH", 3)
    for number in range(3):
        come(f"another-customers-{number}")
    assert reported(sent).status == Status.DELIVERED


def test_long_words_of_a_gateway_are_cut_and_not_refused(sent: TextMessage) -> None:
    long = "x" * 100
    receipts.store("fake", "", [ParsedReceipt(long, "", long, ReceiptState.SENT, long, long)])
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
    report = ParsedReceipt("event-1", make_reference(sent.pk, "fake"), "", ReceiptState.DELIVERED, "DELIVERED")
    assert at_once([partial(receipts.store, "fake", "", [report])] * 4) == [None] * 4
    assert Receipt.objects.count() == 1
