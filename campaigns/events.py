"""Security events of campaigns."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from common.client_info import ClientInfo

CAMPAIGN_CHANGED = register(EventKind("campaign_changed", _("Campaign changed")))
REMINDER_REQUESTED = register(EventKind("reminder_requested", _("Reminder sent out")))
ENROLLMENT_POSTPONED = register(EventKind("enrollment_postponed", _("Enrolment postponed")))


def campaign_changed(actor: Account, name: str, detail: str, client: ClientInfo) -> None:
    """Record that an administrator created, changed, paused or resumed a campaign. `detail` is its new state."""
    write_event(CAMPAIGN_CHANGED, client, reason=name[:32], detail=detail[:200], actor=actor)


def reminder_requested(actor: Account | None, name: str, detail: str, client: ClientInfo) -> None:
    """Record that a reminder begins. `actor` is the administrator who requested it, or None if it was scheduled."""
    write_event(REMINDER_REQUESTED, client, reason=name[:32], detail=detail[:200], actor=actor)


def enrollment_postponed(account: Account, campaign: str, times: int, client: ClientInfo) -> None:
    """Record that the owner postponed enrollment for the n-th time (`times`)."""
    write_event(ENROLLMENT_POSTPONED, client, account, reason=campaign[:32], detail=str(times))
