"""The one history of an account: sign-ins, messages, changes, actions and notes, newest first."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from accounts.models import Account
from audit.kinds import find_kind
from audit.models import SecurityEvent
from common import browser_names
from helpdesk import event_words, sign_ins
from helpdesk import events as helpdesk_events
from helpdesk.registry import AccountSection, HistoryEntry, HistoryGroup
from helpdesk.timeline import RowKind, TimelineRow
from sign_in import events as sign_in_events

SHOWN = 40
_SIGN_INS = (sign_in_events.SIGNED_OUT, sign_in_events.STEPPED_UP)


_ROWS = {
    RowKind.ACTION: helpdesk_events.HELPDESK_ACTION_PERFORMED,
    RowKind.NOTE: helpdesk_events.HELPDESK_ACTION_PERFORMED,
    RowKind.CALL: helpdesk_events.CALL_BEGAN,
}


def history_of(
    account: Account,
    events: Sequence[SecurityEvent],
    sections: Iterable[AccountSection],
    group: str = "",
    rows: Sequence[TimelineRow] = (),
) -> list[HistoryEntry]:
    """Return the newest entries of all kinds, or of the group.

    `events` are the newest of the account, newest first. The note of an action is the annotation `note` of its event.
    `rows` are what agents have done. An action is shown by its event if that is among the events, and a call by its
    row.
    """
    unusual, calls = sign_ins.unusual_words(events), {row.reference for row in rows if row.reference}
    told = [event for event in events if not (event.kind == helpdesk_events.CALL_BEGAN and event.detail in calls)]
    entries = [_entry(account, event, unusual.get(event.pk, "")) for event in told]
    known = {event.pk for event in told}
    entries += [_row_entry(row) for row in rows if row.event_id not in known]
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


def _row_entry(row: TimelineRow) -> HistoryEntry:
    what = str(_ROWS[row.kind].label)
    return HistoryEntry(row.at, HistoryGroup.ACTIONS, what, row.words, row.who, event_id=row.event_id)


def _group(account: Account, event: SecurityEvent) -> HistoryGroup:
    if event.actor_id is not None and event.actor_id != account.pk:
        return HistoryGroup.ACTIONS
    if event.kind in _SIGN_INS or event.kind in sign_ins.attempt_kinds():
        return HistoryGroup.SIGN_INS
    return HistoryGroup.CHANGES
