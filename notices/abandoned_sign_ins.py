"""Notifies owners of abandoned sign-ins: a correct password without a second factor may mean an attack (ASVS 6.3.5)."""

from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Account
from audit.models import SecurityEvent
from notices import events as notice_events
from notices import notify, own_notices
from notices.models import Notice
from sign_in import events as sign_in_events
from sign_in import methods
from sign_in.methods import events

# The events of a user who continues: they sign in, or enroll a first device and stop there.
_FOLLOWED_BY = (sign_in_events.SIGNED_IN, events.DEVICE_ENROLLED)


@shared_task(name="notices.notify_abandoned_sign_ins")
def notify_abandoned_sign_ins() -> int:
    """Notify the owners. Return how many. Concurrent runs are safe."""
    now = timezone.now()
    return sum(_notify(accepted, now) for accepted in _abandoned(now).order_by("at"))


def _abandoned(now: datetime) -> QuerySet[SecurityEvent]:
    """Return the accepted passwords that nothing followed in time, and whose owner was not notified recently.

    The conditions on `kind` and `at` match the partial index. The other conditions check only the few rows in that
    range.
    """
    # Only events from the same network count: a sign-in of the owner from elsewhere must not hide an attacker.
    followed = SecurityEvent.objects.filter(
        account=OuterRef("account"), at__gte=OuterRef("at"), kind__in=_FOLLOWED_BY, network=OuterRef("network")
    )
    told = Notice.objects.filter(
        account=OuterRef("account"),
        kind=own_notices.SECOND_FACTOR_MISSING,
        created_at__gt=now - settings.ABANDONED_NOTICE_EVERY,
    )
    return SecurityEvent.objects.filter(
        ~Exists(followed),
        ~Exists(told),
        kind=sign_in_events.PASSWORD_ACCEPTED,
        at__gt=now - settings.ABANDONED_UNTIL,
        at__lte=now - settings.ABANDONED_AFTER,
    )


def _notify(accepted: SecurityEvent, now: datetime) -> bool:
    """Write the event and the notice. Return False if another worker has done so or the sign-in was completed.

    Owners without a method are not notified. Their password leads to enrollment, which people often postpone. They are
    notified when a new method is enrolled.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=accepted.account_id or 0)
        still = _abandoned(now).filter(pk=accepted.pk).exists()
        if not still or not methods.standing(account.pk).enrolled:
            return False
        event = notice_events.second_factor_missing(account, accepted.browser, accepted.address, str(accepted.pk))
        notify.notify_owner(event, own_notices.SECOND_FACTOR_MISSING)
    return True
