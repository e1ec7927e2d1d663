"""Stores receipts as they come, then applies them.

Receipts may come in any order, repeatedly, and even before we have recorded that the message was sent.
"""

from collections.abc import Sequence
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common import outbox
from common.publishing import publish_soon
from mfa_sms import breaker
from mfa_sms.gateways import ParsedReceipt, ReceiptState
from mfa_sms.models import Attempt, Receipt, TextMessage

Status = TextMessage.Status

# A receipt may come before the gateway's answer is recorded. An older receipt without a message is not about one of
# ours.
_PATIENCE = timedelta(minutes=5)
_BATCH = 500

_STATUS = {
    ReceiptState.SENT: Status.SENT,
    ReceiptState.DELIVERED: Status.DELIVERED,
    ReceiptState.UNDELIVERABLE: Status.UNDELIVERABLE,
    ReceiptState.EXPIRED: Status.EXPIRED,
    ReceiptState.REJECTED: Status.REJECTED,
}


def store(gateway: str, raw: str, parsed: Sequence[ParsedReceipt]) -> None:
    """Store receipts and have a worker apply them. Repeated receipts are stored once. Takes one INSERT."""
    rows = [_row(gateway, raw, receipt) for receipt in parsed]
    with transaction.atomic():
        Receipt.objects.bulk_create(rows, ignore_conflicts=True)
        if rows:
            events = [row.event_id for row in rows]
            transaction.on_commit(lambda: publish_soon(process_receipts, gateway, events))


def _row(gateway: str, raw: str, receipt: ParsedReceipt) -> Receipt:
    return Receipt(
        gateway=gateway,
        event_id=receipt.event_id[:64],
        raw=raw,
        reference=receipt.reference[:64],
        gateway_message_id=receipt.message_id[:64],
        state=receipt.state.value,
        raw_status=receipt.raw_status[:32],
        code=receipt.error_code[:32],
    )


@shared_task(name="mfa_sms.process_receipts")
def process_receipts(gateway: str, event_ids: list[str]) -> None:
    """Apply these receipts, unless they were already processed."""
    _apply_all(Receipt.objects.filter(processed_at=None, gateway=gateway, event_id__in=event_ids))


@shared_task(name="mfa_sms.sweep_receipts")
def sweep_receipts() -> None:
    """Apply every unprocessed receipt.

    Either its task was lost, or it came before its message was recorded as sent.
    """
    last = 0
    while ids := list(_waiting().filter(pk__gt=last).values_list("pk", flat=True)[:_BATCH]):
        _apply_all(Receipt.objects.filter(pk__in=ids))
        last = ids[-1]


def _waiting() -> QuerySet[Receipt]:
    return Receipt.objects.filter(processed_at=None).order_by("pk")


def _apply_all(rows: QuerySet[Receipt]) -> None:
    for receipt_id in rows.order_by("pk").values_list("pk", flat=True):
        failing = _process(receipt_id)
        if failing:
            breaker.not_delivered(failing)


def _process(receipt_id: int) -> str:
    """Apply one receipt. Return the gateway if the receipt shows that a message did not arrive; otherwise ""."""
    with transaction.atomic():
        found = outbox.lock_free(Receipt.objects.filter(pk=receipt_id, processed_at=None))
        if not found:
            return ""
        receipt = found[0]
        message = _find(receipt)
        if message is None and timezone.now() - receipt.received_at < _PATIENCE:
            return ""
        changed = message is not None and _apply(receipt, message)
        receipt.message = message
        receipt.processed_at = timezone.now()
        receipt.save(update_fields=["message", "processed_at"])
    did_not_arrive = receipt.state in (ReceiptState.UNDELIVERABLE.value, ReceiptState.EXPIRED.value)
    return receipt.gateway if changed and did_not_arrive else ""


def _find(receipt: Receipt) -> TextMessage | None:
    """Lock and return the message, found by our own reference or by the gateway's id.

    SECURITY: another customer of the gateway may use the same reference. If we know the gateway's id of the message,
    the receipt's id must match.
    """
    rows = TextMessage.objects.select_for_update()
    if receipt.reference.isascii() and receipt.reference.isdecimal() and len(receipt.reference) < 19:
        message = rows.filter(pk=int(receipt.reference)).first()
        known = Attempt.objects.filter(message=message, gateway=receipt.gateway).exclude(gateway_message_id="")
        ids = set(known.values_list("gateway_message_id", flat=True)) if message else set()
        return message if not ids or not receipt.gateway_message_id or receipt.gateway_message_id in ids else None
    attempt = (
        Attempt.objects.filter(gateway=receipt.gateway, gateway_message_id=receipt.gateway_message_id)
        .exclude(gateway_message_id="")
        .first()
    )
    return rows.filter(pk=attempt.message_id).first() if attempt else None


def _apply(receipt: Receipt, message: TextMessage) -> bool:
    """Update the message from the receipt; return whether it changed.

    A final status never changes. A failure counts only from the gateway that has the message. If two gateways were
    tried, the other one's message may still arrive.
    """
    status = _STATUS.get(ReceiptState(receipt.state))
    if status is None or message.status in TextMessage.FINAL:
        return False
    if status == Status.SENT and message.status == Status.SENT:
        return False
    if status not in (Status.SENT, Status.DELIVERED) and message.gateway not in ("", receipt.gateway):
        return False
    now = timezone.now()
    message.status, message.status_at = status, now
    message.gateway = message.gateway if message.gateway and status == Status.SENT else receipt.gateway
    message.error = receipt.code if status not in (Status.SENT, Status.DELIVERED) else ""
    message.sent_at = message.sent_at or now
    if status != Status.SENT:
        message.receipt_at = now
    message.save(update_fields=["status", "status_at", "gateway", "error", "sent_at", "receipt_at"])
    return True
