"""Writes the history, one deed after the other, each in one transaction. Interrupted, it goes on with the next one."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

from django.db import connection, transaction
from django.utils import timezone

from audit.models import EventSeal
from demo.history.story import Day, HistoryPlan
from demo.models import HistoryDay
from mfa_sms import gateways

PAUSE = 0.02  # seconds between two deeds, in which the portal can write: SQLite has one writer at a time


def left(plan: HistoryPlan) -> int:
    """Return how many days are still to be written; 0 if none will be.

    SECURITY: an event must not be written before the time of a seal that exists. Only a log without seals takes a
    history; the first seal comes after its last day.
    """
    return 0 if EventSeal.objects.exists() else plan.days - HistoryDay.objects.filter(finished=True).count()


def progress(plan: HistoryPlan) -> int | None:
    """Return which day is being written, counted from 1; None if none is."""
    begun = HistoryDay.objects.count()
    return begun if begun and left(plan) else None


def fill(plan: HistoryPlan, now: datetime, pause: float = PAUSE) -> int:
    """Write what is missing up to `now`, and return how many days that were."""
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


def _write(day: Day, row: HistoryDay, pause: float) -> None:
    with day.clock, mock.patch.object(gateways, "configured", return_value=day.network.lines):
        for number in range(row.deeds, len(day.deeds)):
            with _counted(row, durable=day.deeds[number].durable):
                day.do(number)
            time.sleep(pause)
    row.finished = True
    row.save(update_fields=["finished"])


@contextmanager
def _counted(row: HistoryDay, *, durable: bool) -> Iterator[None]:
    """Count the deed in its transaction; in the next one if it commits by itself."""
    if durable:
        yield
    with transaction.atomic():
        if not durable:
            yield
        row.deeds += 1
        row.save(update_fields=["deeds"])
        # Tasks that the commit would publish: the history has done what they are about.
        connection.run_on_commit.clear()
