"""Stores receipts as they come, then applies them.

Receipts may come in any order, repeatedly, and even before we have recorded that the message was sent.
"""

from collections.abc import Sequence
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common import database_clock, outbox
from common.publishing import publish_soon
from mfa_sms import breaker
from mfa_sms.dispatch import enqueue_code, enqueue_notice
from mfa_sms.gateways import ParsedReceipt
from mfa_sms.message_references import message_of
from mfa_sms.models import Receipt, TextMessage
from mfa_sms.settlement import apply_receipts

Status = TextMessage.Status

# Receipts of an older message change nothing: those that decided its status may have been deleted.
_LATEST = timedelta(days=7)
_BATCH = 500


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
        _process(receipt_id)


def _process(receipt_id: int) -> None:
    """Apply one receipt, unless it must wait until a worker has recorded the gateway's answer."""
    with transaction.atomic():
        found = outbox.lock_free(Receipt.objects.filter(pk=receipt_id, processed_at=None))
        if not found:
            return
        (receipt,) = found
        message = _find(receipt)
        again = False
        receipt.message = message
        receipt.processed_at = timezone.now()
        receipt.save(update_fields=["message", "processed_at"])
        if message is not None and timezone.now() - message.created_at < _LATEST:
            was_sending = message.status == Status.SENDING
            again = apply_receipts(message, database_clock.now())
            if was_sending and message.status == Status.SENDING:
                # It came before the answer to the send. The answers of the other gateways are not known yet.
                receipt.processed_at = None
                receipt.save(update_fields=["processed_at"])
                return
        if message is not None:
            breaker.note_receipt(receipt.gateway, receipt.state, message)
    if again and message is not None:
        enqueue = enqueue_notice if message.purpose == TextMessage.NOTICE else enqueue_code
        enqueue(message.pk)


def _find(receipt: Receipt) -> TextMessage | None:
    """Lock and return the message that the receipt is about.

    SECURITY: only our own reference counts, which no one else can make. The gateway's id alone does not: other systems
    use the same account. A message that was never tried has no receipts.
    """
    message_id = message_of(receipt.reference, receipt.gateway)
    if message_id is None:
        return None
    return TextMessage.objects.select_for_update().filter(pk=message_id, tries__gt=0).first()
