"""Counted hours for tests, and ways to read the overview."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from overview import days, registry, rows
from overview.content import Content
from overview.filters import Filters
from overview.models import HourlyFigure
from overview.rows import Now
from tests.fixtures import Browser

PAGE = "/admin/overview/"
HOUR = timedelta(hours=1)


def full(moment: datetime) -> datetime:
    """Return the start of the hour, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def keep(series: str, label: str, value: int, ago: int = 0, who: str = "student", language: str = "da") -> None:
    """Store a number for the hour `ago` hours ago, and mark that hour as measured."""
    hour = full(timezone.now()) - ago * HOUR
    HourlyFigure.objects.create(hour=hour, series=series, label=label, affiliation=who, language=language, value=value)
    measured(ago)


def measured(ago: int = 0) -> None:
    """Mark the hour `ago` hours ago as counted and measured: near its end, or just now for the current hour."""
    hour = full(timezone.now()) - ago * HOUR
    at = int((hour + timedelta(minutes=59)).timestamp()) if ago else int(timezone.now().timestamp())
    for label in ("", "now"):
        HourlyFigure.objects.get_or_create(hour=hour, series="counted", label=label, defaults={"value": at})
    days.sum_up(hour, hour + HOUR)


def now() -> Now:
    """Return the rows that the sentences use."""
    return rows.read_now(series for sentence in registry.sentences() for series in sentence.series)


def content(slug: str, **asked: str) -> Content:
    """Return the content of a figure."""
    figure = registry.figure(slug)
    assert figure is not None
    filters = Filters.read(asked)
    return figure.make(rows.read_rows(filters, registry.wanted([figure])), filters)


def numbers(browser: Browser, slug: str, **asked: str) -> list[list[str]]:
    """Return the lines of a figure's CSV file, including the header."""
    response = browser.get(f"{PAGE}{slug}.csv", asked)
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def counted(series: str, **wanted: Any) -> dict[tuple[datetime, str], int]:
    """Return the values of a series by (hour, label)."""
    found = HourlyFigure.objects.filter(series=series, **wanted).values_list("hour", "label", "value")
    return {(hour.astimezone(UTC), label): value for hour, label, value in found}
