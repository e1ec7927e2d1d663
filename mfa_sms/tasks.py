"""What is done outside the request. Tasks load and call; the rules stand in the modules they call."""

from celery import shared_task
from django.conf import settings

from mfa_sms import delivery, receipts
from mfa_sms import sweep as sweeping


@shared_task(expires=settings.SMS_CODE_LIFE.total_seconds())
def send_text_message(message_id: int) -> None:
    """Send one message."""
    delivery.deliver(message_id)


@shared_task(expires=settings.SMS_NOTICE_LIFE.total_seconds())
def send_notice_message(message_id: int) -> None:
    """Send one notice."""
    delivery.deliver(message_id)


@shared_task
def process_receipts(gateway: str, event_ids: list[str]) -> None:
    """Apply receipts that have come."""
    receipts.process(gateway, event_ids)


@shared_task
def sweep() -> None:
    """Find messages that the queue has lost."""
    sweeping.sweep()


@shared_task
def sweep_receipts() -> None:
    """Find receipts that the queue has lost."""
    receipts.process_waiting()
