"""Enqueues stuck messages again while their code is valid, and ends expired ones."""

from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone

from common import outbox
from common.advisory_lock import try_lock
from common.publishing import BACKLOG
from mfa_sms import delivery
from mfa_sms.dispatch import enqueue_code, enqueue_notice
from mfa_sms.models import TextMessage

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
    with transaction.atomic():
        if not try_lock(LOCK):
            return 0
        now = timezone.now()
        _end_the_dead(now)
        stuck = _take_stuck(now)
    for message in stuck:
        enqueue = enqueue_notice if message.purpose == TextMessage.NOTICE else enqueue_code
        enqueue(message.pk)
    return len(stuck)


def _end_the_dead(now: datetime) -> None:
    """End expired messages. If a worker was lost while sending, the status is unknown.

    In that case we do not know whether a gateway accepted the message.
    """
    delivery.end_queued(TextMessage.objects.filter(expires_at__lte=now), now)
    given_up = TextMessage.objects.filter(
        Q(expires_at__lte=now) | Q(tries__gte=settings.SMS_TRIES),
        status=Status.SENDING,
        status_at__lte=now - settings.SMS_STUCK_AFTER,
    )
    given_up.update(status=Status.UNKNOWN, status_at=now, error=delivery.WORKER_LOST)


def _take_stuck(now: datetime) -> list[TextMessage]:
    """Put stuck rows back into the queue and return them, codes first, so that notices delay no code.

    The pause after which a queued row counts as stuck doubles with each dispatch. In a long queue, its id is still
    waiting.
    """
    waited = Q(status=Status.SENDING, status_at__lte=now - settings.SMS_STUCK_AFTER)
    pauses = [settings.SMS_SWEEP_AFTER * 2**number for number in range(_LONGEST_PAUSE + 1)]
    due = outbox.after_pause(now, "status_at", pauses[:-1], tries="dispatches")
    due |= Q(dispatches__gte=len(pauses), status_at__lte=now - pauses[-1])
    waited |= Q(status=Status.QUEUED) & due
    rows = outbox.lock_free(
        TextMessage.objects.filter(waited, expires_at__gt=now)
        .order_by(Case(When(purpose=TextMessage.NOTICE, then=1), default=0), "status_at")
        .only("status", "purpose"),
        _BATCH,
    )
    lost = [row.pk for row in rows if row.status == Status.SENDING]
    TextMessage.objects.filter(pk__in=lost).update(error=delivery.WORKER_LOST)
    stuck = TextMessage.objects.filter(pk__in=[row.pk for row in rows])
    stuck.update(status=Status.QUEUED, status_at=now, dispatches=F("dispatches") + 1)
    return rows
