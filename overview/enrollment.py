"""The enrollment figure, with the target of each open campaign."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Case, Count, IntegerField, Min, QuerySet, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.affiliation import student_condition
from accounts.models import Account
from campaigns.models import EnrollmentCampaign
from common import clock
from overview import charts
from overview.charts import Line
from overview.content import Cell, Content, Table, number, percent
from overview.filters import HOUR, Filters
from overview.models import HourlyFigure
from overview.registry import Counted
from overview.rows import Now, Rows
from overview.whose import EMPLOYEE, STUDENT, affiliation_columns
from sign_in.methods import enrolled

ACCOUNTS, CAMPAIGNS = "accounts", "campaigns"
_AUDIENCES = {
    EnrollmentCampaign.Audience.STUDENTS: student_condition(),
    EnrollmentCampaign.Audience.EMPLOYEES: ~student_condition(),
}
_DAY = timedelta(days=1)


def measure_accounts(hour: datetime) -> Iterator[Counted]:
    """Count active accounts and enrolled ones, labeled "student:all", "student:enrolled" and so on."""
    for who, language, everybody, some in _standing(Account.objects.filter(is_active=True)):
        yield Counted(hour, ACCOUNTS, f"{who}:all", who, language, everybody)
        yield Counted(hour, ACCOUNTS, f"{who}:enrolled", who, language, some)


def measure_campaigns(hour: datetime) -> Iterator[Counted]:
    """Count the audience of each open campaign and its enrolled part, labeled "7:all" and "7:enrolled" by campaign id.

    Each hour repeats the campaign's first measurement, labeled "7:all_first" and "7:enrolled_first".
    """
    now = timezone.now()
    for campaign in EnrollmentCampaign.objects.filter(opens_at__lte=now, deadline__gt=now):
        for who, language, everybody, some in _standing(_audience(campaign)):
            yield Counted(hour, CAMPAIGNS, f"{campaign.pk}:all", who, language, everybody)
            yield Counted(hour, CAMPAIGNS, f"{campaign.pk}:enrolled", who, language, some)
            if not _first(campaign):
                yield Counted(hour, CAMPAIGNS, f"{campaign.pk}:all_first", who, language, everybody)
                yield Counted(hour, CAMPAIGNS, f"{campaign.pk}:enrolled_first", who, language, some)
        for row in _first(campaign):
            yield Counted(hour, CAMPAIGNS, row.label, row.affiliation, row.language, row.value)


def _first(campaign: EnrollmentCampaign) -> Sequence[HourlyFigure]:
    labels = [f"{campaign.pk}:all_first", f"{campaign.pk}:enrolled_first"]
    rows = HourlyFigure.objects.filter(series=CAMPAIGNS, label__in=labels)
    first = rows.aggregate(first=Min("hour"))["first"]
    return list(rows.filter(hour=first)) if first else []


def _audience(campaign: EnrollmentCampaign) -> QuerySet[Account]:
    active = Account.objects.filter(is_active=True)
    if campaign.audience == EnrollmentCampaign.Audience.LISTED:
        return active.filter(campaign_members__campaign=campaign)
    return active.filter(_AUDIENCES[EnrollmentCampaign.Audience(campaign.audience)])


def _standing(accounts: QuerySet[Account]) -> Iterable[tuple[str, str, int, int]]:
    """Yield (affiliation, language, number of accounts, number of enrolled accounts). One query."""
    one = Case(When(enrolled.enrolled_condition(), then=Value(1)), default=Value(0), output_field=IntegerField())
    return (
        accounts.annotate(one=one, **affiliation_columns())
        .order_by()
        .values_list("whose", "speaks")
        .annotate(everybody=Count("pk"), some=Sum("one"))
    )


def say_enrolled(now: Now) -> str:
    """Return a sentence with the number of enrolled accounts and the change since yesterday."""
    stands, stood = now.stands(ACCOUNTS), now.stood(ACCOUNTS)
    if stands is None:
        return _("How many are enrolled has not been counted yet.")
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
            "%(enrolled)s of %(all)s students and employees is enrolled (%(share)s), as many as yesterday.",
            "%(enrolled)s of %(all)s students and employees are enrolled (%(share)s), as many as yesterday.",
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
    """Return the share of enrolled accounts over time, with each open campaign's target line."""
    people = rows.by_slot(ACCOUNTS)
    groups = [(STUDENT, _("Students")), (EMPLOYEE, _("Employees"))]
    groups = [(who, label) for who, label in groups if any(values.get(f"{who}:all") for values in people.values())]
    aims = [aim for aim in _aims(rows) if groups]
    table = _table(rows, groups, aims)
    if not groups:
        return Content(_("Nothing has been counted in this period."), table)
    drawn = []
    for place, (_who, label) in enumerate(groups):
        shares = table.column(3 * place + 2)
        drawn.append(Line(label, [(at, float(cell)) for at, cell in enumerate(shares) if isinstance(cell, float)]))
    length = HOUR if filters.period.hourly else _DAY
    slots = _until(rows.slots, length, [aim.campaign.deadline for aim in aims])
    drawn += [Line(aim.named, aim.points(slots, length), target=True) for aim in aims]
    return Content(_said(groups, table, aims), table, lambda slug: charts.lines(drawn, slots, filters.period.hourly))


class _Aim:
    """A campaign's target: a straight line from the first measured share to 100 % at its deadline."""

    def __init__(self, campaign: EnrollmentCampaign, share: float) -> None:
        self.campaign, self.share = campaign, share

    @property
    def named(self) -> str:
        """The label: campaign name and deadline."""
        return _("Target: %(name)s, %(day)s") % {"name": self.campaign.name, "day": clock.day(self.campaign.deadline)}

    def at(self, moment: datetime) -> float | None:
        """Return the target percentage at `moment`, or None outside the campaign."""
        campaign = self.campaign
        if not campaign.opens_at <= moment <= campaign.deadline:
            return None
        gone = (moment - campaign.opens_at) / (campaign.deadline - campaign.opens_at)
        return round(self.share + (100 - self.share) * gone, 1)

    def points(self, slots: Sequence[datetime], length: timedelta) -> list[tuple[float, float]]:
        """Return both ends of the line as (slot index, percentage), clipped to the axis."""
        begin = max(self.campaign.opens_at, slots[0])
        end = min(self.campaign.deadline, slots[-1])
        return [((moment - slots[0]) / length, self.at(moment) or 0.0) for moment in (begin, end)]


def _aims(rows: Rows) -> list[_Aim]:
    counted = rows.latest(CAMPAIGNS)
    found = []
    for campaign in EnrollmentCampaign.objects.filter(opens_at__lte=rows.at, deadline__gt=rows.at).order_by("deadline"):
        everybody = counted.get(f"{campaign.pk}:all_first", 0)
        share = percent(counted.get(f"{campaign.pk}:enrolled_first", 0), everybody)
        found += [_Aim(campaign, share)] if share is not None else []
    return found


def _until(slots: list[datetime], length: timedelta, deadlines: list[datetime]) -> list[datetime]:
    """Return the slots, extended to the last deadline, to at most twice their number."""
    last = max(deadlines, default=slots[-1])
    longer = list(slots)
    while longer[-1] < last and len(longer) < 2 * len(slots):
        longer.append(longer[-1] + length)
    return longer


def _table(rows: Rows, groups: list[tuple[str, str]], aims: list[_Aim]) -> Table:
    names: list[str] = []
    for _who, label in groups:
        names += [_("%(who)s: enrolled") % {"who": label}, _("%(who)s: in all") % {"who": label}]
        names.append(_("%(who)s: share") % {"who": label})
    names += [aim.named for aim in aims]
    lines = []
    for slot in rows.slots:
        values = rows.by_slot(ACCOUNTS).get(slot)
        cells: list[Cell] = []
        for who, _label in groups:
            everybody, some = (values.get(f"{who}:{what}", 0) if values else 0 for what in ("all", "enrolled"))
            cells += [some, everybody, percent(some, everybody)] if everybody else [None, None, None]
        lines.append((slot, (*cells, *(aim.at(slot) for aim in aims))))
    return Table(_("Time"), tuple(names), tuple(lines))


def _said(groups: list[tuple[str, str]], table: Table, aims: list[_Aim]) -> str:
    said = []
    for place, (who, _label) in enumerate(groups):
        known = [cell for cell in table.column(3 * place + 2) if cell is not None]
        sentence = (
            _("Of the students %(first)s were enrolled at first and %(last)s at last.")
            if who == STUDENT
            else _("Of the employees %(first)s were enrolled at first and %(last)s at last.")
        )
        said.append(sentence % {"first": number(known[0]), "last": number(known[-1])})
    for aim in aims:
        share = {"name": aim.campaign.name, "share": number(aim.at(timezone.now()))}
        said.append(_("By the campaign “%(name)s” it should be %(share)s now.") % share)
    return " ".join(said)
