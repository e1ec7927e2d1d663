"""What got stuck is handed over again while its code lives, and ended where it does not."""

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

_BATCH = BACKLOG - 50  # what the publisher has room for, so that none of a batch is dropped
LOCK = 7_303_014
_LONGEST_PAUSE = 6  # doublings of the pause between two hand-overs


@shared_task(name="mfa_sms.sweep_messages")
def sweep_messages() -> int:
    """Do it, and return how many messages were handed over again.

    Any number may run at once: on PostgreSQL one holds a lock for as long as its transaction lasts and the others do
    nothing, and rows that a worker has just locked are passed over. On SQLite transactions queue up.
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
    """Cancel what was never sent; of what a worker died with, we do not know whether a gateway took it."""
    delivery.end_queued(TextMessage.objects.filter(expires_at__lte=now), now)
    given_up = TextMessage.objects.filter(
        Q(expires_at__lte=now) | Q(tries__gte=settings.SMS_TRIES),
        status=Status.SENDING,
        status_at__lte=now - settings.SMS_STUCK_AFTER,
    )
    given_up.update(status=Status.UNKNOWN, status_at=now, error=delivery.WORKER_LOST)


def _take_stuck(now: datetime) -> list[TextMessage]:
    """Put stuck rows back into the queue and return them; codes first, so that no number of notices delays one.

    The pause after which a queued row counts as stuck doubles with each hand-over: behind a long queue, its id is
    already there.
    """
    waited = Q(status=Status.SENDING, status_at__lte=now - settings.SMS_STUCK_AFTER)
    pauses = [settings.SMS_SWEEP_AFTER * 2**number for number in range(_LONGEST_PAUSE + 1)]
    due = outbox.after_pause(now, "status_at", pauses[:-1], tries="dispatches")
    due |= Q(hand_overs__gte=len(pauses), status_at__lte=now - pauses[-1])
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
