"""The enrollment figure, with its targets."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Case, Count, IntegerField, QuerySet, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account
from overview import charts, registry
from overview.affiliation_columns import EMPLOYEE, STUDENT, affiliation_columns
from overview.charts import Line
from overview.content import Cell, Content, Table, number, percent
from overview.filters import HOUR, Filters
from overview.registry import Counted
from overview.rows import Now, Rows
from overview.targets import Target
from sign_in.methods import enrolled

ACCOUNTS = "accounts"
FIGURE = "enrolled"
_DAY = timedelta(days=1)


def measure_accounts(hour: datetime) -> Iterator[Counted]:
    """Count active accounts and enrolled ones, labeled "student:all", "student:enrolled" and so on."""
    for who, language, everybody, some in count_enrolled(Account.objects.filter(is_active=True)):
        yield Counted(hour, ACCOUNTS, f"{who}:all", who, language, everybody)
        yield Counted(hour, ACCOUNTS, f"{who}:enrolled", who, language, some)


def count_enrolled(accounts: QuerySet[Account]) -> Iterable[tuple[str, str, int, int]]:
    """Yield (affiliation, language, number of accounts, number of enrolled accounts). One query."""
    one = Case(When(enrolled.enrolled_condition(), then=Value(1)), default=Value(0), output_field=IntegerField())
    return (
        accounts.annotate(one=one, **affiliation_columns())
        .order_by()
        .values_list("account_affiliation", "account_language")
        .annotate(everybody=Count("pk"), some=Sum("one"))
    )


def say_enrolled(now: Now) -> str:
    """Return a sentence with the number of enrolled accounts and the change since yesterday."""
    stands, stood = now.latest(ACCOUNTS), now.a_day_ago(ACCOUNTS)
    if stands is None:
        return _("Enrolled accounts have not been counted yet.")
    some, everybody = _sum(stands, "enrolled"), _sum(stands, "all")
    if not everybody:
        return _("There are no active accounts.")
    more = some - _sum(stood, "enrolled") if stood is not None else None
    said = {
        "enrolled": number(some),
        "all": number(everybody),
        "share": number(percent(some, everybody)),
        "change": number(abs(more or 0)),
    }
    return _enrolled(some, more) % said


def _enrolled(some: int, more: int | None) -> str:
    # Translators: %(enrolled)s and %(all)s are numbers, %(share)s is "77,8 %".
    if more is None:
        return ngettext(
            "%(enrolled)s of %(all)s students and employees is enrolled (%(share)s).",
            "%(enrolled)s of %(all)s students and employees are enrolled (%(share)s).",
            some,
        )
    if more == 0:
        return ngettext(
            "%(enrolled)s of %(all)s students and employees is enrolled (%(share)s), the same as yesterday.",
            "%(enrolled)s of %(all)s students and employees are enrolled (%(share)s), the same as yesterday.",
            some,
        )
    if more > 0:
        return ngettext(
            "%(enrolled)s of %(all)s students and employees is enrolled (%(share)s), %(change)s more than yesterday.",
            "%(enrolled)s of %(all)s students and employees are enrolled (%(share)s), %(change)s more than yesterday.",
            some,
        )
    return ngettext(
        "%(enrolled)s of %(all)s students and employees is enrolled (%(share)s), %(change)s fewer than yesterday.",
        "%(enrolled)s of %(all)s students and employees are enrolled (%(share)s), %(change)s fewer than yesterday.",
        some,
    )


def _sum(values: dict[str, int], what: str) -> int:
    return sum(value for label, value in values.items() if label.endswith(f":{what}"))


def make_enrollment_figure(rows: Rows, filters: Filters) -> Content:
    """Return the share of enrolled accounts over time, with the line of each target."""
    people = rows.by_slot(ACCOUNTS)
    groups = [(STUDENT, _("Students")), (EMPLOYEE, _("Employees"))]
    groups = [(who, label) for who, label in groups if any(values.get(f"{who}:all") for values in people.values())]
    targets = registry.targets(FIGURE, rows) if groups else []
    table = _table(rows, groups, targets)
    if not groups:
        return Content(_("Nothing has been counted in this period."), table)
    drawn = []
    for place, (_who, label) in enumerate(groups):
        shares = table.column(3 * place + 2)
        drawn.append(Line(label, [(at, float(cell)) for at, cell in enumerate(shares) if isinstance(cell, float)]))
    length = HOUR if filters.period.hourly else _DAY
    slots = _until(rows.slots, length, [target.deadline for target in targets])
    drawn += [Line(target.heading, target.points(slots, length), target=True) for target in targets]
    return Content(_said(groups, table, targets), table, lambda slug: charts.lines(drawn, slots, filters.period.hourly))


def _until(slots: list[datetime], length: timedelta, deadlines: list[datetime]) -> list[datetime]:
    """Return the slots, extended to the last deadline, to at most twice their number."""
    last = max(deadlines, default=slots[-1])
    longer = list(slots)
    while longer[-1] < last and len(longer) < 2 * len(slots):
        longer.append(longer[-1] + length)
    return longer


def _table(rows: Rows, groups: list[tuple[str, str]], targets: list[Target]) -> Table:
    names: list[str] = []
    for _who, label in groups:
        names += [_("%(who)s: enrolled") % {"who": label}, _("%(who)s: total") % {"who": label}]
        names.append(_("%(who)s: share") % {"who": label})
    names += [target.heading for target in targets]
    lines = []
    for slot in rows.slots:
        values = rows.by_slot(ACCOUNTS).get(slot)
        cells: list[Cell] = []
        for who, _label in groups:
            everybody, some = (values.get(f"{who}:{what}", 0) if values else 0 for what in ("all", "enrolled"))
            cells += [some, everybody, percent(some, everybody)] if everybody else [None, None, None]
        lines.append((slot, (*cells, *(target.at(slot) for target in targets))))
    return Table(_("Time"), tuple(names), tuple(lines))


def _said(groups: list[tuple[str, str]], table: Table, targets: list[Target]) -> str:
    said = []
    for place, (who, _label) in enumerate(groups):
        known = [cell for cell in table.column(3 * place + 2) if cell is not None]
        sentence = (
            _("%(first)s of the students were enrolled at the start of the period and %(last)s at the end.")
            if who == STUDENT
            else _("%(first)s of the employees were enrolled at the start of the period and %(last)s at the end.")
        )
        said.append(sentence % {"first": number(known[0]), "last": number(known[-1])})
    for target in targets:
        share = {"name": target.name, "share": number(target.at(timezone.now()))}
        said.append(_("According to the campaign “%(name)s” it should be %(share)s by now.") % share)
    return " ".join(said)
