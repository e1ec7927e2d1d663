"""Notifies owners of abandoned sign-ins: a correct password without a sign-in may mean an attack (ASVS 6.3.5)."""

from datetime import datetime
from functools import reduce
from operator import or_

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Account
from audit import kinds
from audit.models import SecurityEvent
from notices import events as notice_events
from notices import notify, own_notices
from notices.models import Notice


@shared_task(name="notices.notify_abandoned_sign_ins")
def notify_abandoned_sign_ins() -> int:
    """Notify the owners. Return how many. Concurrent runs are safe."""
    now = timezone.now()
    return sum(_notify(accepted, now) for accepted in _abandoned(now).order_by("at"))


def _abandoned(now: datetime) -> QuerySet[SecurityEvent]:
    """Return the correct passwords that nothing followed in time, and whose owner was not notified recently.

    The conditions on `at` use an index. The other conditions check only the rows in that range.
    """
    settling = [kind for kind in kinds.all_kinds() if kind.settles_password]
    # Only events from the same network count: a sign-in of the owner from elsewhere must not hide an attacker.
    followed = SecurityEvent.objects.filter(
        account=OuterRef("account"), at__gte=OuterRef("at"), kind__in=settling, network=OuterRef("network")
    )
    told = Notice.objects.filter(
        account=OuterRef("account"),
        kind=own_notices.SECOND_FACTOR_MISSING,
        created_at__gt=now - settings.ABANDONED_NOTICE_EVERY,
    )
    return SecurityEvent.objects.filter(
        ~Exists(followed),
        ~Exists(told),
        _proves_password(),
        account__isnull=False,
        at__gt=now - settings.ABANDONED_UNTIL,
        at__lte=now - settings.ABANDONED_AFTER,
    )


def _proves_password() -> Q:
    """Return the condition for events of every kind that proves the password, accepted or not."""
    proofs = (kind for kind in kinds.all_kinds() if kind.proves_password)
    return reduce(or_, (Q(kind=kind) & ~Q(reason__in=kind.unproven_reasons) for kind in proofs))


def _notify(accepted: SecurityEvent, now: datetime) -> bool:
    """Write the event and the notice. Return False if another worker has done so or the sign-in was completed."""
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=accepted.account_id or 0)
        still = _abandoned(now).filter(pk=accepted.pk).exists()
        if not still:
            return False
        event = notice_events.second_factor_missing(account, accepted.browser, accepted.address, str(accepted.pk))
        notify.notify_owner(event, own_notices.SECOND_FACTOR_MISSING)
    return True
