"""Finds messages that a broker or a worker lost, and messages whose next try is due. Ends expired ones.

Beat runs the sweep as a task. Besides, each worker sweeps by itself (`mfa_sms.sweeper`), so that codes need neither
beat nor the broker. All times are the database's.
"""

from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, When

from common import database_clock, outbox
from common.advisory_lock import try_lock
from common.publishing import BACKLOG
from mfa_sms import breaker, delivery
from mfa_sms.dispatch import enqueue_code, enqueue_notice
from mfa_sms.final_status import WORKER_LOST
from mfa_sms.models import Attempt, TextMessage
from mfa_sms.own_network import worker_name
from mfa_sms.settlement import settle

Status = TextMessage.Status

_BATCH = BACKLOG - 50  # what the publisher has room for, so that it drops no message of a batch
LOCK = 7_303_014
_LONGEST_PAUSE = 6  # doublings of the pause between two dispatches


@shared_task(name="mfa_sms.sweep_messages")
def sweep_messages() -> int:
    """Run the sweep, and return how many messages were enqueued again.

    Safe to run concurrently. On PostgreSQL one run takes an advisory lock for its transaction, and the others return 0.
    Rows that a worker has locked are skipped. On SQLite, transactions run one after another.
    """
    due = take_due(_BATCH)
    for message in due:
        enqueue = enqueue_notice if message.purpose == TextMessage.NOTICE else enqueue_code
        enqueue(message.pk)
    breaker.review()
    return len(due)


def take_due(limit: int) -> list[TextMessage]:
    """End expired messages, and return those to be sent now. No other sweep takes them before the next pause."""
    with transaction.atomic():
        if not try_lock(LOCK):
            return []
        now = database_clock.now()
        _give_up_workers(now)
        expired = TextMessage.objects.filter(status=Status.QUEUED, expires_at__lte=now)
        for message_id in expired.values_list("pk", flat=True)[:limit]:
            delivery.end_expired(message_id, now)
        return _take_queued(now, limit)


def _give_up_workers(now: datetime) -> None:
    """Put back the messages whose worker died. The gateway that was being asked may have the message."""
    stuck = TextMessage.objects.filter(status=Status.SENDING, next_at__lte=now).order_by("next_at")
    for message in outbox.lock_free(stuck, _BATCH):
        Attempt.objects.create(
            message=message,
            gateway=message.gateway,
            outcome=Attempt.Outcome.UNKNOWN,
            code=WORKER_LOST,
            started_at=message.status_at,
            worker=worker_name(),
        )
        if settle(message, now):
            TextMessage.objects.filter(pk=message.pk).update(next_at=now)


def _take_queued(now: datetime, limit: int) -> list[TextMessage]:
    """Return the queued rows that are due, codes first, so that notices delay no code.

    The pause after which a row is due again doubles with each dispatch. In a long queue, its id is still waiting.
    """
    rows = outbox.lock_free(
        TextMessage.objects.filter(status=Status.QUEUED, next_at__lte=now, expires_at__gt=now)
        .order_by(Case(When(purpose=TextMessage.NOTICE, then=1), default=0), "next_at")
        .only("purpose", "dispatches"),
        limit,
    )
    for dispatches in {row.dispatches for row in rows}:
        pause = settings.SMS_SWEEP_AFTER * 2 ** min(dispatches, _LONGEST_PAUSE)
        same = [row.pk for row in rows if row.dispatches == dispatches]
        TextMessage.objects.filter(pk__in=same).update(next_at=now + pause, dispatches=F("dispatches") + 1)
    return rows
