"""Notifies owners of many wrong passwords.

SECURITY: a task finds the accounts. A sign-in page that wrote the notice would take longer for a username that exists.
"""

from celery import shared_task
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Account
from limits import catalogue
from limits.models import LimitCounter
from notices import events, notify, own_notices
from notices.models import Notice

_LIMIT = catalogue.PASSWORD_FAILURES_OF_NAME


@shared_task(name="notices.notify_guessed_passwords")
def notify_guessed_passwords() -> int:
    """Notify the owners of accounts whose limit of wrong passwords is reached, once in its window. Return how many."""
    return sum(_notify(counter) for counter in _reached())


def _reached() -> QuerySet[LimitCounter]:
    told = Notice.objects.filter(
        account=OuterRef("account"), kind=own_notices.GUESSED_PASSWORDS, created_at__gte=OuterRef("began_at")
    )
    reached = LimitCounter.objects.filter(
        limit=_LIMIT.name, account__isnull=False, count__gte=_LIMIT.number, ends_at__gt=timezone.now()
    )
    return reached.annotate(began_at=F("ends_at") - _LIMIT.window).filter(~Exists(told))


def _notify(counter: LimitCounter) -> bool:
    """Write the event and the notice. Return False if another worker has done so."""
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=counter.account_id or 0)
        if not _reached().filter(pk=counter.pk).exists():
            return False
        notify.notify_owner(events.guessed_passwords(account), own_notices.GUESSED_PASSWORDS)
    return True
