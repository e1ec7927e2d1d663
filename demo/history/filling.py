"""Writes the history deed by deed, each in one transaction. An interrupted run continues with the next deed."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit.models import EventSeal
from demo.history.story import Day, HistoryPlan
from demo.models import HistoryDay
from mfa_sms import gateways

PAUSE = 0.02  # seconds between two deeds, so that the portal can write: SQLite has one writer at a time


def left(plan: HistoryPlan) -> int:
    """Return how many days are still to be written, or 0 once the log has a seal.

    SECURITY: an event must not be dated before an existing seal. Only a log without seals accepts a history. The first
    seal follows the history's last day.
    """
    return 0 if EventSeal.objects.exists() else plan.days - HistoryDay.objects.filter(finished=True).count()


@contextmanager
def writing() -> Iterator[None]:
    """Tell other processes, for the duration of the block, that this one writes the history.

    The operating system releases the lock when the process ends, however it ends.
    """
    with _lock_path().open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def progress(plan: HistoryPlan) -> int | None:
    """Return the number of the day that is being written, counted from 1, or None.

    Costs no query unless a process writes the history.
    """
    if not _is_being_written():
        return None
    begun = HistoryDay.objects.count()
    return begun if begun and left(plan) else None


def fill(plan: HistoryPlan, now: datetime, pause: float = PAUSE) -> int:
    """Write the missing days up to `now`. Return how many days were written."""
    if not left(plan):
        return 0
    begun = HistoryDay.objects.order_by("day").first()
    first = begun.day if begun else timezone.localdate(now) - timedelta(days=plan.days - 1)
    count = 0
    for number in range(plan.days):
        row, _made = HistoryDay.objects.get_or_create(day=first + timedelta(days=number))
        if not row.finished:
            _write(Day(plan, number, row.day, now), row, pause)
            count += 1
    return count


def _lock_path() -> Path:
    path: Path = settings.VAR_DIR / "history.lock"
    return path


def _is_being_written() -> bool:
    try:
        with _lock_path().open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _write(day: Day, row: HistoryDay, pause: float) -> None:
    # The receipts of each deed arrive within it, so hours with late receipts have nothing new to count.
    recount = mock.patch.object(settings, "OVERVIEW_RECOUNT_LATE", settings.OVERVIEW_RECOUNT)
    with day.clock, recount, mock.patch.object(gateways, "configured", return_value=day.network.lines):
        for number in range(row.deeds, len(day.deeds)):
            with _counted(row, durable=day.deeds[number].durable):
                day.do(number)
            time.sleep(pause)
    row.finished = True
    row.save(update_fields=["finished"])


@contextmanager
def _counted(row: HistoryDay, *, durable: bool) -> Iterator[None]:
    """Count the deed in its own transaction, or in the next one if the deed commits by itself."""
    if durable:
        yield
    with transaction.atomic():
        if not durable:
            yield
        row.deeds += 1
        row.save(update_fields=["deeds"])
        # Drop the tasks that the commit would publish: the history has already done their work.
        connection.run_on_commit.clear()
