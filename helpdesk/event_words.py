"""Words for the codes of an event, for helpdesk staff."""

from audit import kinds
from audit.models import SecurityEvent
from sign_in.methods import events


def line(event: SecurityEvent) -> str:
    """Return the event's method, reason and detail in one line of words. Time and kind are not included."""
    words = (events.method_label(event), kinds.describe_reason(event), kinds.describe_detail(event))
    return " · ".join(filter(None, words))
