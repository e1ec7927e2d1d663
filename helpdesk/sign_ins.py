"""Unusual sign-in attempts of an account."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from audit import kinds
from audit.kinds import EventKind
from audit.models import SecurityEvent
from common import browser_names
from sign_in import events as sign_in_events

# Time, network and browser of earlier sign-ins. Without any, nothing is marked as new: the account is new, or its
# events are too old to compare.
_Origins = list[tuple[datetime, str | None, str]]


def attempt_kinds() -> list[EventKind]:
    """Return the kinds of events that are sign-in attempts."""
    return [kind for kind in kinds.all_kinds() if kind.is_sign_in_attempt]


def unusual_words(events: Sequence[SecurityEvent]) -> dict[int, str]:
    """Return what is unusual by the id of each sign-in attempt. Each is compared with the sign-ins before it."""
    attempts = attempt_kinds()
    tries = [event for event in events if event.kind in attempts]
    known: _Origins = [
        (event.at, event.network, browser_names.describe_browser(event.browser))
        for event in tries
        if event.kind == sign_in_events.SIGNED_IN
    ]
    return {event.pk: words for event in tries if (words := _unusual(event, known))}


def _unusual(event: SecurityEvent, known: _Origins) -> str:
    browser = browser_names.describe_browser(event.browser) if event.browser else ""
    since = event.at - settings.ACTIVITY_SHOWN
    before = [(network, words) for at, network, words in known if since <= at < event.at]
    if not before:
        return ""
    said = []
    if event.network and event.network not in {network for network, _words in before}:
        said.append(_("New network"))
    if browser and browser not in {words for _network, words in before}:
        said.append(_("New browser"))
    return " · ".join(said)
