"""Deletes old receipts, challenges and human checks, and removes the numbers from old messages."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from common.batches import change_in_batches, delete_in_batches
from mfa_sms.models import Attempt, Challenge, HumanCheck, Receipt, TextMessage


def purge_old_data() -> dict[str, int]:
    """Delete or anonymize old rows, and return how many of each kind."""
    now = timezone.now()
    return {
        "receipts": delete_in_batches(
            Receipt.objects.filter(received_at__lt=now - settings.SMS_RECEIPTS_KEPT).order_by("received_at")
        ),
        "messages": _anonymize(now - settings.SMS_NUMBERS_KEPT),
        "challenges": delete_in_batches(_dead_challenges(now)),
        "human_checks": delete_in_batches(
            HumanCheck.objects.filter(created_at__lt=now - settings.SMS_CHALLENGES_KEPT).order_by("created_at")
        ),
    }


def _anonymize(before: datetime) -> int:
    """Remove the number and the gateway's ids from old messages. The rows remain for statistics."""
    attempts = Attempt.objects.filter(ended_at__lt=before).exclude(gateway_message_id="").order_by("ended_at")
    change_in_batches(attempts, lambda rows: rows.update(gateway_message_id=""))
    messages = TextMessage.objects.filter(created_at__lt=before).exclude(number="").order_by("created_at")
    return change_in_batches(messages, lambda rows: rows.update(number="", gateway_message_id=""))


def _dead_challenges(now: datetime) -> QuerySet[Challenge]:
    before = now - settings.SMS_CHALLENGES_KEPT
    return Challenge.objects.filter(expires_at__lt=before).order_by("expires_at")
