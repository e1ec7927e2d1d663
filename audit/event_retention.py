"""Retention of the client info in security events. The event and its seal are kept."""

from django.conf import settings
from django.utils import timezone

from audit.models import SecurityEvent
from common.batches import change_in_batches


def anonymize_events() -> int:
    """Remove the address, network, browser and salt from old events. Return the number of events.

    The query uses a partial index that contains only events that still have a salt.
    """
    old = SecurityEvent.objects.filter(at__lt=timezone.now() - settings.EVENT_CLIENT_KEPT).exclude(client_salt="")
    return change_in_batches(old.order_by("at"), lambda rows: rows.forget_origin())
