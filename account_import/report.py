"""Reports for operators: the changes that an import made or would make."""

from collections import Counter
from collections.abc import Iterator, Sequence

from account_import.plan import Difference, Missing, Plan, RowOutcome
from account_import.rows import AccountRow
from accounts.account_names import contains_cpr

NAMES_SHOWN = 20


def report_lines(plan: Plan, *, names: bool) -> Iterator[str]:
    """Yield a line for each count. If `names`, the first usernames of each kind follow."""
    listings: dict[RowOutcome, Sequence[AccountRow | Difference | Missing]] = {
        RowOutcome.CREATED: plan.created,
        RowOutcome.CHANGED: plan.changed,
        RowOutcome.REACTIVATED: plan.reactivated,
        RowOutcome.DEACTIVATED: plan.deactivated,
    }
    for outcome, items in listings.items():
        yield f"{outcome + ':':<13}{len(items)}{_field_counts(items)}"
        if names:
            yield from _first(items)
    yield f"{'unchanged:':<13}{plan.unchanged}"
    if plan.kept:
        yield f"{'kept:':<13}{len(plan.kept)} staff accounts are not in the file and stay active"
        yield from _first(plan.kept)


def _field_counts(items: Sequence[AccountRow | Difference | Missing]) -> str:
    counts = Counter(name for item in items if isinstance(item, Difference) for name in item.fields)
    return f" ({', '.join(f'{name} {count}' for name, count in counts.most_common())})" if counts else ""


def _first(items: Sequence[AccountRow | Difference | Missing]) -> Iterator[str]:
    for item in sorted(items, key=_username)[:NAMES_SHOWN]:
        username = _username(item)
        fields = f": {', '.join(item.fields)}" if isinstance(item, Difference) and item.fields else ""
        yield f"    {'(looks like a CPR number)' if contains_cpr(username) else username}{fields}"
    if len(items) > NAMES_SHOWN:
        yield f"    and {len(items) - NAMES_SHOWN} more"


def _username(item: AccountRow | Difference | Missing) -> str:
    return item.row.username if isinstance(item, Difference) else item.username
