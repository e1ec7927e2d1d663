"""Detects that an account has changed since an agent opened the page of an action."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Account
from audit.models import SecurityEvent
from common.clock import ago
from helpdesk import event_words, events, registry
from notices import events as notice_events
from sign_in import events as sign_in_events
from sign_in.methods import events as method_events

_SHOWN = 5


def newest_change(account: Account) -> int:
    """Return the id of the newest event that changed the login of the account, or 0."""
    return _changes(account).order_by("-pk").values_list("pk", flat=True).first() or 0


def changes_since(account: Account, seen: int) -> Sequence[str]:
    """Return in words what has changed since the event `seen`, newest first."""
    rows = _changes(account).filter(pk__gt=seen).select_related("actor").order_by("-pk")[:_SHOWN]
    return [_line(event) for event in rows]


def _changes(account: Account) -> QuerySet[SecurityEvent]:
    """Return the events that change the login. An action that changes nothing, such as a test message, is not one."""
    kinds = [
        *(method_events.DEVICE_ENROLLED, method_events.DEVICE_CHANGED, method_events.DEVICE_REMOVED),
        *(sign_in_events.PASSWORD_CHANGED, notice_events.REPORTED, events.HELPDESK_ACTION_PERFORMED),
    ]
    harmless = [action.slug for action in registry.all_actions() if not action.notifies]
    rows = SecurityEvent.objects.filter(account=account, kind__in=kinds)
    return rows.exclude(kind=events.HELPDESK_ACTION_PERFORMED, reason__in=harmless)


def _line(event: SecurityEvent) -> str:
    what = " · ".join(filter(None, (event.get_kind_display(), event_words.line(event))))
    if event.actor is None or event.actor_id == event.account_id:
        return f"{ago(event.at)}: {what}"
    # Translators: %(when)s is "today at 14:05 (2 min. ago)", %(what)s is an action, %(who)s is the name of an agent.
    words = {"when": ago(event.at), "what": what, "who": event.actor.get_full_name()}
    return _("%(when)s: %(what)s (%(who)s)") % words
