"""What helpdesk staff read where an event keeps a code."""

from accounts import method_events
from accounts.audit import kinds
from accounts.models import SecurityEvent


def line(event: SecurityEvent) -> str:
    """Return what an agent needs to know besides what happened, when, and by whom: method, reason and detail."""
    words = (method_events.method_label(event), kinds.describe_reason(event), kinds.describe_detail(event))
    return " · ".join(filter(None, words))
