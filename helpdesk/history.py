"""The one history of an account: sign-ins, messages, changes, actions and notes, newest first."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from accounts.models import Account
from audit.kinds import find_kind
from audit.models import SecurityEvent
from common import browser_names
from helpdesk import event_words, sign_ins
from helpdesk.registry import AccountSection, HistoryEntry, HistoryGroup
from sign_in import events as sign_in_events

SHOWN = 40
_SIGN_INS = (sign_in_events.SIGNED_OUT, sign_in_events.STEPPED_UP)


def history_of(
    account: Account, events: Sequence[SecurityEvent], sections: Iterable[AccountSection], group: str = ""
) -> list[HistoryEntry]:
    """Return the newest entries of all kinds, or of the group.

    `events` are the newest of the account, newest first. The note of an action is the annotation `note` of its event.
    """
    unusual = sign_ins.unusual_words(events)
    entries = [_entry(account, event, unusual.get(event.pk, "")) for event in events]
    entries += [entry for section in sections for entry in section.entries]
    shown = [entry for entry in entries if not group or entry.group == group]
    return sorted(shown, key=lambda entry: entry.at, reverse=True)[:SHOWN]


def _entry(account: Account, event: SecurityEvent, unusual: str) -> HistoryEntry:
    note, kind = getattr(event, "note", ""), find_kind(event.kind)
    browser = browser_names.describe_browser(event.browser) if event.browser else ""
    by = str(event.actor) if event.actor is not None and event.actor_id != account.pk else ""
    place = "" if by else " · ".join(filter(None, (browser, event.address or "")))
    return HistoryEntry(
        at=event.at,
        group=_group(account, event),
        what=event.get_kind_display(),
        detail=" · ".join(
            filter(None, (event_words.line(event), note and _("Note: %(note)s") % {"note": note}, place))
        ),
        by=by,
        unusual=unusual,
        failed=kind is not None and kind.is_failure,
        event_id=event.pk,
    )


def _group(account: Account, event: SecurityEvent) -> HistoryGroup:
    if event.actor_id is not None and event.actor_id != account.pk:
        return HistoryGroup.ACTIONS
    if event.kind in _SIGN_INS or event.kind in sign_ins.attempt_kinds():
        return HistoryGroup.SIGN_INS
    return HistoryGroup.CHANGES
