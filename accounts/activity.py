"""What has happened to an account, in words for its owner."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import browsers, methods
from accounts.helpdesk import registry
from accounts.models import Account, SecurityEvent

Kind = SecurityEvent.Kind


@dataclass(frozen=True)
class Entry:
    """One line: what, when, and from which browser and address, as far as known."""

    what: str
    at: datetime
    browser: str
    address: str


def recent(account: Account) -> QuerySet[SecurityEvent]:
    """Return the sign-ins and changes of the last 90 days that their owner can make sense of, newest first."""
    since = timezone.now() - settings.ACTIVITY_SHOWN
    return SecurityEvent.objects.filter(account=account, kind__in=_WORDS, at__gt=since).order_by("-at", "-id")


def entry(event: SecurityEvent) -> Entry:
    """Return the words for an event of `recent`."""
    words = _WORDS[event.kind](event)
    if event.kind == Kind.AGENT_ACTED:
        return Entry(words, event.at, "", "")  # where the agent sits is nothing that the owner could recognize
    return Entry(words, event.at, browsers.describe(event.browser) if event.browser else "", event.address or "")


def _signed_in(event: SecurityEvent) -> str:
    return _("You logged in with: %(method)s.") % {"method": _method(event)}


def _enrolled(event: SecurityEvent) -> str:
    return _("You added a login method: %(method)s.") % {"method": _method(event)}


def _changed(event: SecurityEvent) -> str:
    return _("You changed a login method: %(method)s. The old one was %(old)s.") % {
        "method": _method(event),
        "old": event.detail,
    }


def _removed(event: SecurityEvent) -> str:
    return _("You removed a login method: %(method)s, %(old)s.") % {"method": _method(event), "old": event.detail}


def _agent_acted(event: SecurityEvent) -> str:
    action = registry.by_slug(event.reason)
    return str(action.told) if action else _("IT Support changed something about your login.")


def _method(event: SecurityEvent) -> str:
    label = next((method.label for method in methods.all_methods() if method.owns(event.method)), event.method)
    return str(label)


def _saying(words: Callable[[], str]) -> Callable[[SecurityEvent], str]:
    return lambda event: words()


_WORDS: dict[str, Callable[[SecurityEvent], str]] = {
    Kind.SIGNED_IN: _signed_in,
    Kind.SIGNED_OUT: _saying(lambda: _("You logged out.")),
    Kind.PASSWORD_REFUSED: _saying(lambda: _("Somebody entered a wrong password.")),
    Kind.CODE_REFUSED: _saying(lambda: _("Somebody entered the right password, but a wrong code.")),
    Kind.SECOND_FACTOR_MISSING: _saying(lambda: _("Somebody entered the right password, but no code.")),
    Kind.DEVICE_ENROLLED: _enrolled,
    Kind.DEVICE_CHANGED: _changed,
    Kind.DEVICE_REMOVED: _removed,
    Kind.DEVICE_DISABLED: _saying(lambda: _("A login method was locked after too many wrong codes.")),
    Kind.RECOVERY_CODES_MADE: _saying(lambda: _("You made new recovery codes.")),
    Kind.RECOVERY_CODE_USED: _saying(lambda: _("You used a recovery code.")),
    Kind.PASS_USED: _saying(lambda: _("You used an access pass.")),
    Kind.PASSWORD_CHANGED: _saying(lambda: _("You chose a new password.")),
    Kind.SESSION_ENDED: _saying(lambda: _("You logged out another device.")),
    Kind.SESSIONS_ENDED: _saying(lambda: _("You logged out all other devices.")),
    Kind.AGENT_ACTED: _agent_acted,
    Kind.REPORTED: _saying(lambda: _("You told us that something was not you.")),
}
