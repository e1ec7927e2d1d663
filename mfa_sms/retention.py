"""What is older than its retention goes: receipts, ended challenges, and the numbers in the log of messages.

In batches, each a statement and a transaction of its own, so that no lock is held for long.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from mfa_sms.models import Attempt, Challenge, HumanCheck, Receipt, TextMessage

BATCH = 5000


def run() -> dict[str, int]:
    """Do it, and return how many rows of each kind are gone or anonymous."""
    now = timezone.now()
    return {
        "receipts": _in_batches(
            Receipt.objects.filter(received_at__lt=now - settings.SMS_RECEIPTS_KEPT).order_by("received_at"), _delete
        ),
        "messages": _anonymize(now - settings.SMS_NUMBERS_KEPT),
        "challenges": _in_batches(_dead_challenges(now), _delete),
        "human_checks": _in_batches(
            HumanCheck.objects.filter(created_at__lt=now - settings.SMS_CHALLENGES_KEPT).order_by("created_at"), _delete
        ),
    }


def _anonymize(before: datetime) -> int:
    """Take number and gateway ids out of old messages; the row stays, for statistics."""
    attempts = Attempt.objects.filter(ended_at__lt=before).exclude(gateway_message_id="").order_by("ended_at")
    _in_batches(attempts, lambda rows: rows.update(gateway_message_id=""))
    messages = TextMessage.objects.filter(created_at__lt=before).exclude(number="").order_by("created_at")
    return _in_batches(messages, lambda rows: rows.update(number="", gateway_message_id=""))


def _dead_challenges(now: datetime) -> QuerySet[Challenge]:
    before = now - settings.SMS_CHALLENGES_KEPT
    return Challenge.objects.filter(expires_at__lt=before).order_by("expires_at")


def _delete(rows: QuerySet[Any]) -> int:
    return rows.delete()[0]


def _in_batches(rows: QuerySet[Any], act: Callable[[QuerySet[Any]], int]) -> int:
    """Act on the rows, `BATCH` at a time, until none are left; return how many there were.

    Each query is ordered by the column of a partial index that what is done already has left.
    """
    total = 0
    while True:
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return total
        act(rows.model._default_manager.filter(pk__in=ids))
        total += len(ids)
