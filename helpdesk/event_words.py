"""What helpdesk staff read where an event keeps a code."""

from audit import kinds
from audit.models import SecurityEvent
from sign_in.methods import events


def line(event: SecurityEvent) -> str:
    """Return what an agent needs to know besides what happened, when, and by whom: method, reason and detail."""
    words = (events.method_label(event), kinds.describe_reason(event), kinds.describe_detail(event))
    return " · ".join(filter(None, words))
