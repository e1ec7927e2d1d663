"""The recent activity of an account, in words for its owner."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Account
from audit import kinds
from audit.models import SecurityEvent
from common import browser_names


@dataclass(frozen=True)
class ActivityEntry:
    """One line of the activity. `browser` and `address` are empty if unknown or not shown for this kind of event."""

    what: str
    at: datetime
    browser: str
    address: str


def recent_activity(account: Account) -> QuerySet[SecurityEvent]:
    """Return the account's events of the last `ACTIVITY_SHOWN` whose kind has a text for the owner, newest first."""
    since = timezone.now() - settings.ACTIVITY_SHOWN
    shown = [kind for kind in kinds.all_kinds() if kind.owner_text is not None]
    return SecurityEvent.objects.filter(account=account, kind__in=shown, at__gt=since).order_by("-at", "-id")


def activity_entry(event: SecurityEvent) -> ActivityEntry:
    """Return the words for an event of `recent_activity`."""
    kind = kinds.get_kind(event.kind)
    words = kind.owner_text(event) if kind.owner_text else ""
    if not kind.shows_client:
        return ActivityEntry(words, event.at, "", "")
    return ActivityEntry(
        words, event.at, browser_names.describe_browser(event.browser) if event.browser else "", event.address or ""
    )
