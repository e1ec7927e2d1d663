"""A right password that nothing follows may be a stranger's: the owner is told (ASVS 6.3.5)."""

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

# What a person does who goes on: signs in, or proves a first device and leaves it at that.
_FOLLOWED_BY = (sign_in_events.SIGNED_IN, events.DEVICE_ENROLLED)


@shared_task(name="notices.notify_abandoned_sign_ins")
def notify_abandoned_sign_ins() -> int:
    """Notify the owners, and return how many. Any number may run at once."""
    now = timezone.now()
    return sum(_notify(accepted, now) for accepted in _abandoned(now).order_by("at"))


def _abandoned(now: datetime) -> QuerySet[SecurityEvent]:
    """Return the passwords of a while ago that nothing followed, of accounts that were not told lately.

    `kind` and the range of `at` stand as the partial index has them; all else is asked of the few rows in that range.
    """
    # From the same network: the owner's own sign-in from elsewhere must not hide a stranger's.
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
    """Write event and notice, unless another worker has, or the person is through by now.

    Nobody is told who has no method yet: there the password leads to enrollment, which people leave for another day,
    and of whose end the owner hears as of any new method.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=accepted.account_id or 0)
        still = _abandoned(now).filter(pk=accepted.pk).exists()
        if not still or not methods.standing(account.pk).enrolled:
            return False
        event = notice_events.second_factor_missing(account, accepted.browser, accepted.address, str(accepted.pk))
        notify.notify_owner(event, own_notices.SECOND_FACTOR_MISSING)
    return True
