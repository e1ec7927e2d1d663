"""The helpdesk's actions, notes and calls about an account, as rows for its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.models import Account
from helpdesk import calls, registry
from helpdesk.account_notes import ADD_NOTE
from helpdesk.models import ActionRecord, Call


class RowKind(StrEnum):
    """The subject of a row."""

    ACTION = "action"
    NOTE = "note"
    CALL = "call"


@dataclass(frozen=True)
class TimelineRow:
    """One row: when, what, in which words, and the agent.

    `event_id` is the event that records the same, if any, and `reference` that of a call.
    """

    at: datetime
    kind: RowKind
    words: str
    who: str
    event_id: int | None = None
    reference: str = ""


def account_rows(account: Account, most: int) -> list[TimelineRow]:
    """Return the newest rows of the account, newest first, in two queries.

    Show them to agents who may see the actions of agents.
    """
    actions = ActionRecord.objects.filter(account=account).select_related("agent", "call").order_by("-at", "-pk")[:most]
    taken = Call.objects.filter(account=account).select_related("agent").order_by("-began_at", "-pk")[:most]
    rows = [*_action_rows(actions), *map(_call_row, taken)]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:most]


def call_rows(call: Call) -> list[TimelineRow]:
    """Return what was done in a call, newest first."""
    rows = ActionRecord.objects.filter(call=call).select_related("agent", "call").order_by("-at", "-pk")
    return list(_action_rows(rows))


def _action_rows(records: Iterable[ActionRecord]) -> Iterable[TimelineRow]:
    for record in records:
        who = record.agent.get_full_name()
        if record.action == ADD_NOTE:
            yield TimelineRow(record.at, RowKind.NOTE, record.note, who, record.event_id)
            continue
        action = registry.by_slug(record.action)
        words = (
            str(action.verb) if action else record.action,
            calls.proof_words(record.proof, record.proof_detail) if record.proof else "",
            record.case_number,
            record.note,
        )
        yield TimelineRow(record.at, RowKind.ACTION, " · ".join(filter(None, words)), who, record.event_id)


def _call_row(call: Call) -> TimelineRow:
    said = _("Call %(reference)s") % {"reference": call.reference}
    proof = calls.proof_words(call.proof, call.proof_detail) if call.proof else _("identity not checked")
    words = " · ".join(filter(None, (said, call.case_number, proof)))
    return TimelineRow(call.began_at, RowKind.CALL, words, call.agent.get_full_name(), reference=call.reference)
