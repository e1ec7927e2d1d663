"""The clock of the database. Hosts use it for times that they must agree on, instead of their own clocks."""

import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from common.cached_value import CachedValue

MAX_AGE = 10.0  # seconds between two readings; a clock drifts by microseconds in that time


def _read() -> tuple[float, datetime]:
    """Return the database's time, and the reading of this process's monotonic clock at that moment."""
    with connection.cursor() as cursor:
        began = time.monotonic()
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchall()[0]
    return (began + time.monotonic()) / 2, moment.astimezone(UTC)


_read_at = CachedValue(_read, MAX_AGE)


def now() -> datetime:
    """Return the database's time. Read at most once in `MAX_AGE` seconds; in between, the monotonic clock counts.

    With SQLite, every process runs on one machine and therefore has the same clock.
    """
    if connection.vendor != "postgresql" or not settings.USE_DATABASE_CLOCK:
        return timezone.now()
    at, moment = _read_at.get()
    return moment + timedelta(seconds=time.monotonic() - at)


def skew() -> timedelta:
    """Return how far the clock of this host is ahead of the database's."""
    return timezone.now() - now()


def forget() -> None:
    """Discard the reading. The next call reads the database."""
    _read_at.forget()
