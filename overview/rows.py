"""Reads `HourlyFigure` and `DailyFigure` for sentences and figures, with two queries for the whole page."""

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
# Tolerance for yesterday's measurement, which can be older if beat paused.
_SLACK = timedelta(hours=3)
# `COUNTED` marks the hours that were counted; its value is the Unix time of the last count. The label `MEASURED` means
# that the scheduled task counted the hour, so it measured the gauges too.
COUNTED, MEASURED = "counted", "now"


@dataclass
class Now:
    """The last day of all accounts: for each series the values by hour and label."""

    at: datetime
    series: dict[str, dict[datetime, dict[str, int]]] = field(default_factory=dict)

    def last_day(self, series: str) -> dict[str, int]:
        """Return the sums over the current hour and the 23 hours before it, by label."""
        since = self.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - 23 * HOUR
        sums: dict[str, int] = defaultdict(int)
        for hour, values in self.series.get(series, {}).items():
            for label, value in values.items():
                sums[label] += value if hour >= since else 0
        return dict(sums)

    def latest(self, series: str) -> dict[str, int] | None:
        """Return the latest measurement by label, without zeros, or None if there is no measurement."""
        return self._measured(series, self.at)

    def a_day_ago(self, series: str) -> dict[str, int] | None:
        """Return the measurement of a day ago, or None if there was no measurement."""
        return self._measured(series, self.at - _DAY)

    @property
    def counted_at(self) -> datetime | None:
        """When the scheduled task last counted, or None if it did not run within the last day."""
        times = [values[MEASURED] for values in self.series.get(COUNTED, {}).values() if MEASURED in values]
        return datetime.fromtimestamp(max(times), UTC) if times else None

    def _measured(self, series: str, before: datetime) -> dict[str, int] | None:
        counted = self.series.get(COUNTED, {})
        hours = [hour for hour, values in counted.items() if MEASURED in values and hour <= before]
        return self.series.get(series, {}).get(max(hours), {}) if hours else None


def read_now(series: Iterable[str]) -> Now:
    """Read the last day with one query."""
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
    """A period: its slots, and for each series the values by slot and label. Totals are stored in the first slot."""

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
        """Return a gauge's values in the newest measured slot, by label, without zeros."""
        measured = [slot for gauge in self.gauges for slot in self.by_slot(gauge)]
        return self.by_slot(series).get(max(measured), {}) if measured else {}


@dataclass(frozen=True)
class Wanted:
    """The series to read.

    `counts` are summed by slot, `gauges` as last measured in a slot, `totals` summed over the period. Series in
    `nobodys` ignore the affiliation and language filters. Each of them is also in one of the other sets.
    """

    counts: frozenset[str] = frozenset()
    gauges: frozenset[str] = frozenset()
    totals: frozenset[str] = frozenset()
    nobodys: frozenset[str] = frozenset()


def read_rows(filters: Filters, wanted: Wanted) -> Rows:
    """Read the period from the hours or the days. One query, which the database sums up."""
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
