"""The rows of `HourlyFigure` and `DailyFigure` as sentences and figures read them: two queries for the whole page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db.models import Case, DateField, DateTimeField, F, Q, Sum, Value, When
from django.utils import timezone

from overview.filters import HOUR, Filters
from overview.models import DailyFigure, HourlyFigure

_DAY = timedelta(days=1)
# What stood a day ago may have been measured a little earlier, where the clock paused.
_SLACK = timedelta(hours=3)
# That an hour was counted: the value is the Unix time at which it was last. The label says that it was by the task,
# which measures too.
COUNTED, MEASURED = "counted", "now"


@dataclass
class Now:
    """The last day, of everybody: for each series the values by hour and label."""

    at: datetime
    series: dict[str, dict[datetime, dict[str, int]]] = field(default_factory=dict)

    def last_day(self, series: str) -> dict[str, int]:
        """Return the sums of the running hour and the 23 before it, by label."""
        since = self.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - 23 * HOUR
        sums: dict[str, int] = defaultdict(int)
        for hour, values in self.series.get(series, {}).items():
            for label, value in values.items():
                sums[label] += value if hour >= since else 0
        return dict(sums)

    def stands(self, series: str) -> dict[str, int] | None:
        """Return what was measured last, by label, zeros left out; None where nothing was measured."""
        return self._measured(series, self.at)

    def stood(self, series: str) -> dict[str, int] | None:
        """Return what stood a day ago; None where nothing was measured then."""
        return self._measured(series, self.at - _DAY)

    @property
    def counted_at(self) -> datetime | None:
        """When the task last counted; None where it never did in the last day."""
        times = [values[MEASURED] for values in self.series.get(COUNTED, {}).values() if MEASURED in values]
        return datetime.fromtimestamp(max(times), UTC) if times else None

    def _measured(self, series: str, before: datetime) -> dict[str, int] | None:
        counted = self.series.get(COUNTED, {})
        hours = [hour for hour, values in counted.items() if MEASURED in values and hour <= before]
        return self.series.get(series, {}).get(max(hours), {}) if hours else None


def read_now(series: Iterable[str]) -> Now:
    """Read the last day; one query."""
    now = timezone.now()
    found = (
        HourlyFigure.objects.filter(series__in={*series, COUNTED}, hour__gt=now - _DAY - _SLACK, hour__lte=now)
        .order_by()
        .values_list("series", "hour", "label")
        .annotate(total=Sum("value"))
    )
    read = Now(now)
    for name, hour, label, total in found:
        read.series.setdefault(name, {}).setdefault(hour.astimezone(UTC), {})[label] = total
    return read


@dataclass
class Rows:
    """A period: its slots, and for each series the values by slot and label; totals stand at the first slot."""

    at: datetime
    slots: list[datetime]
    gauges: frozenset[str] = frozenset()
    series: dict[str, dict[datetime, dict[str, int]]] = field(default_factory=dict)

    def by_slot(self, series: str) -> dict[datetime, dict[str, int]]:
        """Return the values of each slot that has any, by label."""
        return self.series.get(series, {})

    def total(self, series: str) -> dict[str, int]:
        """Return the sums over the whole period, by label."""
        sums: dict[str, int] = defaultdict(int)
        for values in self.by_slot(series).values():
            for label, value in values.items():
                sums[label] += value
        return dict(sums)

    def latest(self, series: str) -> dict[str, int]:
        """Return what a gauge showed in the newest slot that was measured, zeros left out."""
        measured = [slot for gauge in self.gauges for slot in self.by_slot(gauge)]
        return self.by_slot(series).get(max(measured), {}) if measured else {}


@dataclass(frozen=True)
class Wanted:
    """Which series are read: summed by slot, as they stood at its end, summed over the period.

    What is `nobodys` is read whatever affiliation and language are asked for; it stands in one of the others too.
    """

    counts: frozenset[str] = frozenset()
    gauges: frozenset[str] = frozenset()
    totals: frozenset[str] = frozenset()
    nobodys: frozenset[str] = frozenset()


def read_rows(filters: Filters, wanted: Wanted) -> Rows:
    """Read the period; one query, which the database sums up, of the hours or of the days."""
    now = timezone.now()
    slots = filters.period.slots(now)
    hourly = filters.period.hourly
    places = {slot if hourly else timezone.localdate(slot): slot for slot in slots}
    first, last = min(places), max(places)
    model, time = (HourlyFigure, "hour") if hourly else (DailyFigure, "day")
    whole = When(series__in=wanted.totals, then=Value(first))
    found = (
        model._default_manager.filter(**{f"{time}__range": (first, last)})
        .filter(_whose(filters, wanted), series__in=wanted.counts | wanted.gauges | wanted.totals)
        .order_by()
        .annotate(slot=Case(whole, default=F(time), output_field=DateTimeField() if hourly else DateField()))
        .values_list("series", "slot", "label")
        .annotate(total=Sum("value"))
    )
    rows = Rows(now, slots, wanted.gauges)
    for name, at, label, total in found:
        rows.series.setdefault(name, {}).setdefault(places[at], {})[label] = total
    return rows


def _whose(filters: Filters, wanted: Wanted) -> Q:
    asked = {"affiliation": filters.affiliation, "language": filters.language}
    chosen = Q(**{name: value for name, value in asked.items() if value})
    return chosen | Q(series__in=wanted.nobodys) if chosen else chosen
