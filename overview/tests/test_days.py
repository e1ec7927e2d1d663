"""The rows of a local day summarize the rows of its hours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from time_machine import TimeMachineFixture

from audit.models import SecurityEvent
from overview import counting, days, registry
from overview.models import DailyFigure, HourlyFigure
from overview.registry import Counted
from overview.tests.helpers import HOUR, content, full, measured

pytestmark = pytest.mark.django_db
LONG_DAY, SHORT_DAY = date(2026, 10, 25), date(2026, 3, 29)  # the days when clocks go back and forward


def throttled(at: datetime) -> SecurityEvent:
    return SecurityEvent.objects.create(kind="limit_reached", reason="password_name", at=at)


def by_day(series: str = "locks") -> dict[date, int]:
    return dict(DailyFigure.objects.filter(series=series).values_list("day", "value"))


@pytest.mark.parametrize("counter", list(registry.counters()), ids=lambda counter: counter.series)
def test_a_day_of_a_counter_is_the_sum_of_its_hours_by_label_and_whose_they_are(
    monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture, counter: registry.Counter
) -> None:
    time_machine.move_to(datetime(2026, 9, 2, 12, 30, tzinfo=UTC), tick=False)
    midnight = datetime(2026, 9, 1, 22, tzinfo=UTC)

    def count(start: datetime, end: datetime) -> Iterator[Counted]:
        for ago, label, who, language, value in (
            (-1, "x", "student", "da", 1000),
            (0, "x", "student", "da", 1),
            (5, "x", "student", "da", 2),
            (5, "y", "student", "da", 4),
            (5, "x", "employee", "da", 8),
            (6, "x", "student", "en", 16),
        ):
            if start <= midnight + ago * HOUR < end:
                yield Counted(midnight + ago * HOUR, counter.series, label, who, language, value)

    monkeypatch.setitem(registry._counters, counter.series, replace(counter, count=count))
    counting.count_figures()
    today = DailyFigure.objects.filter(series=counter.series, day=date(2026, 9, 2))
    assert set(today.values_list("label", "affiliation", "language", "value")) == {
        ("x", "student", "da", 3),
        ("y", "student", "da", 4),
        ("x", "employee", "da", 8),
        ("x", "student", "en", 16),
    }
    assert by_day(counter.series)[date(2026, 9, 1)] == 1000


@pytest.mark.parametrize("gauge", list(registry.gauges()), ids=lambda gauge: gauge.series)
def test_a_day_of_a_gauge_is_what_stood_when_it_was_last_measured(
    monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture, gauge: registry.Gauge
) -> None:
    stands = {"x": 5, "gone": 3}

    def measure(hour: datetime) -> Iterator[Counted]:
        for label, value in stands.items():
            yield Counted(hour, gauge.series, label, "student", "da", value)

    monkeypatch.setitem(registry._gauges, gauge.series, replace(gauge, measure=measure))
    time_machine.move_to(datetime(2026, 9, 2, 8, 30, tzinfo=UTC), tick=False)
    counting.count_figures()
    stands = {"x": 4}
    time_machine.shift(2 * HOUR)
    counting.count_figures()
    # The next hour is counted but not measured, so it has no gauge values.
    time_machine.shift(HOUR)
    counting.backfill(timezone.now() - HOUR, lambda until: None)
    today = DailyFigure.objects.filter(series=gauge.series)
    assert list(today.values_list("day", "label", "value")) == [(date(2026, 9, 2), "x", 4)]


@pytest.mark.parametrize(("day", "begin", "hours"), [(LONG_DAY, 22, 25), (SHORT_DAY, 23, 23)], ids=["25", "23"])
def test_days_on_which_the_clock_changes_have_all_their_hours_and_no_other(day: date, begin: int, hours: int) -> None:
    midnight = datetime(day.year, day.month, day.day - 1, begin, tzinfo=UTC)
    for number in range(-1, hours + 1):
        HourlyFigure.objects.create(hour=midnight + number * HOUR, series="locks", label="report", value=1)
    for number in range(hours):
        DailyFigure.objects.all().delete()
        days.sum_up(midnight + number * HOUR, midnight + (number + 1) * HOUR)
        assert by_day() == {day: hours}


def test_a_gauge_of_the_long_day_is_that_of_its_25th_hour(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 10, 26, 12, tzinfo=UTC), tick=False)
    for hour, value in ((datetime(2026, 10, 25, 22, tzinfo=UTC), 24), (datetime(2026, 10, 25, 23, tzinfo=UTC), 25)):
        HourlyFigure.objects.create(hour=hour, series="methods", label="mfa_totp", value=value)
        measured(int((full(timezone.now()) - hour) / HOUR))
    assert by_day("methods") == {LONG_DAY: 24, date(2026, 10, 26): 25}


def test_counting_an_hour_again_corrects_its_day() -> None:
    now = timezone.now()
    throttled(now)
    counting.count_figures()
    assert by_day() == {timezone.localdate(now): 1}
    throttled(now)
    counting.count_figures()
    assert by_day() == {timezone.localdate(now): 2}


def test_what_is_no_longer_counted_leaves_its_day() -> None:
    now = timezone.now()
    stale = {"series": "locks", "label": "report", "affiliation": "student", "language": "da", "value": 3}
    HourlyFigure.objects.create(hour=full(now), **stale)
    days.sum_up(now, now + HOUR)
    assert by_day() == {timezone.localdate(now): 3}
    counting.count_figures()
    assert by_day() == {}


def test_counting_again_writes_no_row_of_a_day_that_is_right() -> None:
    throttled(timezone.now())
    counting.count_figures()
    before = set(DailyFigure.objects.values_list("pk", "series", "value"))
    counting.count_figures()
    assert before == set(DailyFigure.objects.values_list("pk", "series", "value"))
    assert before


def test_a_late_event_is_in_the_day_of_its_hour(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 9, 3, 12, 1, tzinfo=UTC), tick=False)
    counting.count_figures()
    throttled(datetime(2026, 9, 1, 21, 59, tzinfo=UTC))
    throttled(datetime(2026, 9, 1, 22, 0, tzinfo=UTC))
    time_machine.shift(HOUR)
    counting.count_figures()
    assert by_day() == {date(2026, 9, 1): 1, date(2026, 9, 2): 1}


def test_the_backfill_sums_up_each_day_that_it_counts(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False)
    for day in (24, 25, 26):
        for hour in (9, 22, 23):
            throttled(datetime(2026, 10, day, hour, 30, tzinfo=UTC))
    call_command("count_figures", since=date(2026, 10, 24), verbosity=0)
    assert by_day() == {date(2026, 10, day): number for day, number in ((24, 1), (25, 4), (26, 3), (27, 1))}


def test_days_go_with_the_last_of_their_hours(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 9, 3, 12, tzinfo=UTC), tick=False)
    oldest = timezone.localdate() - timedelta(days=730)
    for number in (-1, 0, 1):
        DailyFigure.objects.create(day=oldest + timedelta(days=number), series="locks", label="report", value=1)
    counting.purge_figures()
    assert sorted(by_day()) == [oldest, oldest + timedelta(days=1)]


@pytest.mark.parametrize("period", ["7d", "30d", "12m"])
def test_long_periods_are_read_from_days_up_to_the_one_that_runs(period: str) -> None:
    today = timezone.localdate()
    length = {"7d": 7, "30d": 30, "12m": 365}[period]
    for ago in (0, 1, length - 1, length):
        values = {"affiliation": "student", "language": "da", "value": 20 + ago}
        day = today - timedelta(days=ago)
        DailyFigure.objects.create(day=day, series="locks", label="report", **values)
        DailyFigure.objects.create(day=day, series="gateway_codes", label="well:alpha", **values)
        DailyFigure.objects.create(day=day, series="gateway_codes", label="failed:alpha", **values)
    locks = content("locks", period=period, affiliation="student").table
    assert {at: cells[0] for at, (_slot, cells) in enumerate(locks.rows) if cells[0]} == {
        0: 19 + length,
        length - 2: 21,
        length - 1: 20,
    }
    total = 20 + 21 + 19 + length
    assert content("gateways", period=period).table.rows == (("alpha", (total, 2 * total, 50.0)),)
    assert content("locks", period=period, affiliation="employee").table.columns == ()
