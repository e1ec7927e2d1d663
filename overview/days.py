"""Fills `DailyFigure`: sums the hours of each local day in `HourlyFigure` into one row."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from common.batches import delete_in_batches
from overview import registry
from overview.models import DailyFigure, HourlyFigure
from overview.rows import COUNTED, MEASURED

_DAY = timedelta(days=1)
_BATCH = 1000
_KEY = ("day", "series", "label", "affiliation", "language")

_Key = tuple[date, str, str, str, str]


def sum_up(start: datetime, end: datetime) -> None:
    """Recompute the local days that overlap [start, end) from all of their stored hours.

    A counter's day is the sum of its hours. A gauge's day is the value of its newest measured hour. Rows that are
    already correct are not written. Call this in the transaction that wrote the hours. The caller's advisory lock
    allows only one such transaction at a time.
    """
    first, last = _day(start), _day(end - timedelta.resolution)
    fresh = {**_sums(first, last), **_last_measured(first, last)}
    gone = []
    for key, pk, value in _there(first, last):
        if fresh.get(key) == value:
            del fresh[key]
        else:
            gone.append(pk)
    for place in range(0, len(gone), _BATCH):
        DailyFigure.objects.filter(pk__in=gone[place : place + _BATCH]).delete()
    rows = (DailyFigure(**dict(zip(_KEY, key, strict=True)), value=value) for key, value in fresh.items())
    DailyFigure.objects.bulk_create(rows, batch_size=_BATCH)


def purge_before(moment: datetime) -> None:
    """Delete the local days before the day of `moment`."""
    delete_in_batches(DailyFigure.objects.filter(day__lt=_day(moment)).order_by("day"))


def _there(first: date, last: date) -> Iterator[tuple[_Key, int, int]]:
    for row in DailyFigure.objects.filter(day__range=(first, last)):
        yield (row.day, row.series, row.label, row.affiliation, row.language), row.pk, row.value


def _sums(first: date, last: date) -> dict[_Key, int]:
    found = (
        _hours(first, last)
        .filter(series__in=[counter.series for counter in registry.counters()])
        .annotate(day=TruncDate("hour", tzinfo=timezone.get_default_timezone()))
        .order_by()
        .values_list(*_KEY)
        .annotate(total=Sum("value"))
    )
    return {(day, series, label, who, language): value for day, series, label, who, language, value in found}


def _last_measured(first: date, last: date) -> dict[_Key, int]:
    measured = _hours(first, last).filter(series=COUNTED, label=MEASURED).order_by("hour")
    newest = {_day(hour): hour for hour in measured.values_list("hour", flat=True)}
    series = [gauge.series for gauge in registry.gauges()]
    found = HourlyFigure.objects.filter(series__in=series, hour__in=newest.values())
    return {(_day(row.hour), row.series, row.label, row.affiliation, row.language): row.value for row in found}


def _hours(first: date, last: date) -> QuerySet[HourlyFigure]:
    """Return the hourly rows of those local days, both included. A day can have 23 or 25 hours."""
    begin, end = (
        timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())
        for day in (first, last + _DAY)
    )
    return HourlyFigure.objects.filter(hour__gte=begin, hour__lt=end)


def _day(moment: datetime) -> date:
    return timezone.localdate(moment, timezone.get_default_timezone())
