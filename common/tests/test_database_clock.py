"""The database's clock: read now and then, and counted with the monotonic clock in between."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from common import database_clock


@pytest.fixture
def real_clock(settings: Settings) -> None:
    """Use the clock of PostgreSQL."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has the clock of its process")
    settings.USE_DATABASE_CLOCK = True
    database_clock.forget()


@pytest.mark.postgresql
@pytest.mark.usefixtures("real_clock")
def test_the_hosts_own_clock_does_not_matter(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = database_clock.now()
    ahead = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    assert timedelta(0) <= database_clock.now() - before < timedelta(minutes=1)
    assert timedelta(minutes=9) < database_clock.skew() < timedelta(minutes=11)


@pytest.mark.postgresql
@pytest.mark.usefixtures("real_clock")
def test_between_two_readings_the_monotonic_clock_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    monkeypatch.setattr(database_clock, "_read_at", type("Kept", (), {"get": staticmethod(lambda: (100.0, moment))}))
    monkeypatch.setattr(database_clock, "time", type("Time", (), {"monotonic": staticmethod(lambda: 107.0)}))
    assert database_clock.now() == moment + timedelta(seconds=7)


def test_without_postgresql_or_in_a_test_it_is_the_clock_of_the_process() -> None:
    assert abs(database_clock.skew()) < timedelta(seconds=5)
