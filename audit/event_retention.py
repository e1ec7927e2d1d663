"""What is older than its retention goes: from where a security event came. The event stays, and so does its seal."""

from django.conf import settings
from django.utils import timezone

from audit.models import SecurityEvent
from common.batches import change_in_batches


def anonymize_events() -> int:
    """Take address, network, browser and salt out of old events, and return of how many.

    The query follows a partial index that what is done already has left.
    """
    old = SecurityEvent.objects.filter(at__lt=timezone.now() - settings.EVENT_CLIENT_KEPT).exclude(client_salt="")
    return change_in_batches(old.order_by("at"), lambda rows: rows.forget_origin())
