"""What is older than its retention goes: from where a security event came. The event stays, and so does its seal.

In batches, each a statement and a transaction of its own, so that no lock is held for long.
"""

from django.conf import settings
from django.utils import timezone

from accounts.models import SecurityEvent

BATCH = 5000


def run() -> int:
    """Take address, network, browser and salt out of old events, and return of how many.

    The query follows a partial index that what is done already has left.
    """
    old = SecurityEvent.objects.filter(at__lt=timezone.now() - settings.EVENT_ORIGIN_KEPT).exclude(origin_salt="")
    total = 0
    while ids := list(old.order_by("at").values_list("pk", flat=True)[:BATCH]):
        total += SecurityEvent.objects.filter(pk__in=ids).forget_origin()
    return total
