"""The result of checking or applying a file: stored as JSON, shown in the reader's language.

With a plan, it has these keys. `counts` has numbers by outcome, and also `kept`, `unchanged` and `active`. `examples`
has lists of `[username, fields, is_staff]` by outcome. `too_many` is true if the plan deactivates more accounts than
allowed without confirmation.

With a bad file, `errors` is the number of bad lines. `problems` has the first of them, each as a list: `[line, [[msgid,
params], …]]`.

With a plan or alone, `note` is a msgid that says why the file was not applied.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from account_import.plan import Difference, Missing, Plan, RowOutcome, TooManyMissing
from account_import.records import CPR_SHOWN, Reason, RowProblem
from account_import.rows import AccountRow
from accounts.account_names import contains_cpr
from accounts.models import Account

CHANGED_MEANWHILE = gettext_noop(
    "Nothing was applied: accounts were changed since the file was checked. This is what would change now."
)
TOO_MANY_MEANWHILE = gettext_noop(
    "Nothing was applied: the import would deactivate more accounts than allowed without your confirmation. See below."
)
GIVEN_UP = gettext_noop(
    "Nothing was applied: the server has tried for an hour. Upload the file again. If that fails too, its log says why."
)
KEPT = "kept"
REUSED = "reused"

# The changes that can do harm come first.
HEADINGS = {
    RowOutcome.CHANGED: _("Changed"),
    RowOutcome.REACTIVATED: _("Active again"),
    RowOutcome.DEACTIVATED: _("Deactivated"),
    KEPT: _("Staff accounts that are not in the file and stay active"),
    REUSED: _("Not imported: the username belonged to someone else"),
    RowOutcome.CREATED: _("Created"),
}


@dataclass(frozen=True)
class Example:
    """One account of a preview, with the names of the fields that change."""

    username: str
    fields: list[str]
    is_staff: bool


@dataclass(frozen=True)
class Listing:
    """One kind of change: the number of accounts, and some of them as examples, staff first."""

    heading: str
    count: int
    examples: list[Example]
    names_fields: bool


def of_plan(plan: Plan, note: str = "") -> dict[str, Any]:
    """Return the summary of a plan."""
    kinds: dict[str, Sequence[AccountRow | Difference | Missing]] = {
        RowOutcome.CREATED: plan.created,
        RowOutcome.CHANGED: plan.changed,
        RowOutcome.REACTIVATED: plan.reactivated,
        RowOutcome.DEACTIVATED: plan.deactivated,
        KEPT: plan.kept,
        REUSED: plan.reused,
    }
    counts = {kind: len(items) for kind, items in kinds.items()}
    return {
        "counts": {**counts, "unchanged": plan.unchanged, "active": plan.active},
        "examples": {kind: _examples(items) for kind, items in kinds.items() if items},
        "too_many": _too_many(plan),
        "note": note,
    }


def of_problems(problems: list[RowProblem]) -> dict[str, Any]:
    """Return the summary of a bad file."""
    first = problems[: settings.IMPORT_ERRORS_SHOWN]
    reasons = [[line.line, [[reason.msgid, dict(reason.params)] for reason in line.reasons]] for line in first]
    return {"errors": len(problems), "problems": reasons}


def without_names(summary: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a summary that is kept permanently: its numbers."""
    return {key: value for key, value in summary.items() if key not in ("examples", "problems")}


def listings(summary: dict[str, Any]) -> list[Listing]:
    """Return the changes in the reader's language. Kinds of changes without an account are omitted."""
    counts = summary.get("counts", {})
    found = []
    for kind, heading in HEADINGS.items():
        if counts.get(kind):
            rows = summary.get("examples", {}).get(kind, [])
            examples = [Example(_username(name), _field_names(fields), is_staff) for name, fields, is_staff in rows]
            names_fields = kind in (RowOutcome.CHANGED, RowOutcome.REACTIVATED)
            found.append(Listing(str(heading), counts[kind], examples, names_fields))
    return found


def problems(summary: dict[str, Any]) -> list[tuple[int, list[str]]]:
    """Return the bad lines to show, each with its reasons in the reader's language."""
    return [
        (line, [str(Reason(msgid, params)) for msgid, params in reasons])
        for line, reasons in summary.get("problems", [])
    ]


def note_of(summary: dict[str, Any]) -> str:
    """Return why nothing was applied, in the reader's language, or an empty string."""
    return gettext(summary["note"]) if summary.get("note") else ""


def _examples(items: Sequence[AccountRow | Difference | Missing]) -> list[list[Any]]:
    """Return the examples, staff first, since a changed email address of staff can give an attacker access.

    All changed staff are included, up to a limit for the page.
    """
    rows = sorted((_example(item) for item in items), key=lambda row: (not row[2], row[0]))
    staff = sum(row[2] for row in rows)
    return rows[: max(settings.IMPORT_EXAMPLES, min(staff, settings.IMPORT_ERRORS_SHOWN))]


def _example(item: AccountRow | Difference | Missing) -> list[Any]:
    if isinstance(item, Difference):
        return [item.row.username, list(item.fields), item.is_staff]
    return [item.username, [], False]


def _too_many(plan: Plan) -> bool:
    try:
        plan.refuse_mass_deactivation()
    except TooManyMissing:
        return True
    return False


def _username(name: str) -> str:
    return gettext(CPR_SHOWN) if contains_cpr(name) else name


def _field_names(fields: list[str]) -> list[str]:
    return [capfirst(str(getattr(Account._meta.get_field(name), "verbose_name", name))) for name in fields]
