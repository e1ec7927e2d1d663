"""Fills `HourlyFigure`: recounts recent hours, measures the current state, and fills hours that were never counted.

The same transaction sums up the days of these hours. Counting an hour twice gives the same rows. An advisory lock
allows one count at a time: if it is taken, the task skips its run and the backfill waits.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from common import advisory_lock
from common.batches import delete_in_batches
from overview import days, registry
from overview.models import HourlyFigure
from overview.registry import Counted
from overview.rows import COUNTED, MEASURED

HOUR = timedelta(hours=1)
LATE = "late"  # a label of `COUNTED`: this run also counted the hours with late receipts
_LOCK = 0x6F766572  # any number that no other advisory lock of this database uses
_STEP = timedelta(days=1)  # covered by one transaction, so this bounds how long another count waits
_BATCH = 1000
_KEY = ("series", "hour", "label", "affiliation", "language")

Progress = Callable[[datetime], None]


def full_hour(moment: datetime) -> datetime:
    """Return the start of the hour, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


@shared_task(name="overview.count_figures")
def count_figures() -> None:
    """Count the current hour, recent hours and hours that were missed, then measure the gauges.

    Once an hour, it also recounts the hours that can still get late receipts.
    """
    now = timezone.now()
    running = full_hour(now)
    late = _is_late_due(running)
    start = min(running - (settings.OVERVIEW_RECOUNT_LATE if late else settings.OVERVIEW_RECOUNT), _missing(running))
    for begin, end in _steps(start, running + HOUR):
        with transaction.atomic():
            if not advisory_lock.try_lock(_LOCK):
                return
            _count(begin, end, now)
            if end > running:
                _measure(running)
                labels = (MEASURED, LATE) if late else (MEASURED,)
                _write(Counted(running, COUNTED, label, "", "", int(now.timestamp())) for label in labels)
            days.sum_up(begin, end)


def backfill(since: datetime, progress: Progress) -> None:
    """Count all hours since `since`, oldest first. Gauges are not filled: past state cannot be measured.

    Waits while another process counts. Calls `progress` with the end of each finished step.
    """
    now = timezone.now()
    for begin, end in _steps(full_hour(since), full_hour(now) + HOUR):
        with transaction.atomic():
            advisory_lock.wait_for_lock(_LOCK)
            _count(begin, end, now)
            days.sum_up(begin, end)
        progress(min(end, now))


def purge_figures() -> int:
    """Delete hours and days older than `OVERVIEW_KEPT`. Return the number of deleted hourly rows."""
    before = full_hour(timezone.now() - settings.OVERVIEW_KEPT)
    total = 0
    counters, gauges = ([one.series for one in found] for found in (registry.counters(), registry.gauges()))
    for series in (*counters, *gauges, COUNTED):
        total += delete_in_batches(HourlyFigure.objects.filter(series=series, hour__lt=before).order_by("hour"))
    days.purge_before(before)
    return total


def _is_late_due(running: datetime) -> bool:
    return not HourlyFigure.objects.filter(series=COUNTED, label=LATE, hour=running).exists()


def _missing(running: datetime) -> datetime:
    """Return the first hour within `OVERVIEW_CATCH_UP` that was never counted, or `running` if all were counted."""
    first = running - settings.OVERVIEW_CATCH_UP
    counted = HourlyFigure.objects.filter(series=COUNTED, label="", hour__gte=first)
    there = {hour.astimezone(UTC) for hour in counted.values_list("hour", flat=True)}
    hours = (first + HOUR * number for number in range(int((running - first) / HOUR)))
    return next((hour for hour in hours if hour not in there), running)


def _steps(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        yield start, min(start + _STEP, end)
        start += _STEP


def _count(start: datetime, end: datetime, now: datetime) -> None:
    for counter in registry.counters():
        known = counter.known()
        begin = start
        if known is not None and start < now - known:
            begin = min(_never_counted(start, end), full_hour(now - known) + HOUR)
        if begin < end:
            _replace(counter.series, begin, end, counter.count(begin, end))
    hours = (start + HOUR * number for number in range(int((end - start) / HOUR)))
    _write([Counted(hour, COUNTED, "", "", "", int(now.timestamp())) for hour in hours])


def _never_counted(start: datetime, end: datetime) -> datetime:
    """Return the hour after the last counted one, or `start` if no hour was counted."""
    rows = HourlyFigure.objects.filter(series=COUNTED, label="", hour__gte=start, hour__lt=end)
    last = rows.aggregate(last=Max("hour"))["last"]
    return full_hour(last) + HOUR if last else start


def _measure(running: datetime) -> None:
    for gauge in registry.gauges():
        _replace(gauge.series, running, running + HOUR, gauge.measure(running))


def _replace(series: str, start: datetime, end: datetime, counted: Iterable[Counted]) -> None:
    """Write the hours of a series, and delete rows of these hours that the new count no longer has."""
    fresh = [row for row in counted if row.value]
    wanted = {(full_hour(row.hour), row.label, row.affiliation, row.language) for row in fresh}
    there = HourlyFigure.objects.filter(series=series, hour__gte=start, hour__lt=end)
    gone = [row.pk for row in there if (full_hour(row.hour), row.label, row.affiliation, row.language) not in wanted]
    for place in range(0, len(gone), _BATCH):
        HourlyFigure.objects.filter(pk__in=gone[place : place + _BATCH]).delete()
    _write(fresh)


def _write(counted: Iterable[Counted]) -> None:
    """Insert or overwrite rows. Rows with the same key are summed.

    Rows are written in key order, so concurrent writers cannot deadlock.
    """
    rows = []
    for key, same in groupby(sorted(counted), key=lambda row: (row.hour, *_rest(row))):
        hour, series, label, affiliation, language = key
        value = sum(row.value for row in same)
        rows.append(
            HourlyFigure(
                hour=full_hour(hour),
                series=series,
                label=label,
                affiliation=affiliation,
                language=language,
                value=value,
            )
        )
    HourlyFigure.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=_KEY, update_fields=["value"]
    )


def _rest(row: Counted) -> tuple[str, str, str, str]:
    return row.series, row.label, row.affiliation, row.language
