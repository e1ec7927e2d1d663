"""Filling the history: the same for each seed, resumed after an interruption, omitted where the audit log is in use.

No test of this file may see the history that another file writes for all its tests.
"""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit import sealing
from audit.models import SecurityEvent
from demo import people
from demo.history import filling
from demo.history.story import Day, HistoryPlan
from demo.models import HistoryDay
from mfa_sms.models import TextMessage
from overview.models import HourlyFigure
from overview.rows import MEASURED

NOW = datetime(2026, 3, 6, 17, 30, tzinfo=UTC)  # a Friday
TINY = HistoryPlan(days=2, people=6, visits=2, campaign=1, outage=9, blackout=9, guesses=())

pytestmark = pytest.mark.django_db


def picture() -> list[tuple[Any, ...]]:
    events = SecurityEvent.objects.filter(at__lte=NOW).values_list(
        "kind", "at", "account__username", "reason", "address"
    )
    messages = TextMessage.objects.values_list("created_at", "number", "status", "gateway", "language")
    return [*events.order_by("pk"), *messages.order_by("pk")]


def staff() -> None:
    for person in (people.AGENT, people.ADMINISTRATOR):
        people.ensure(person)


def written(plan: HistoryPlan, stop_at: int | None = None) -> list[tuple[Any, ...]]:
    """Return what a plan writes, then roll it back. With `stop_at`, interrupt it after that many deeds and resume."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # allows durable transactions inside it
    with block:
        staff()
        if stop_at is not None:
            interrupted = mock.patch.object(Day, "do", _interrupted(Day.do, stop_at))
            with interrupted, pytest.raises(KeyboardInterrupt):
                filling.fill(plan, NOW, pause=0)
        filling.fill(plan, NOW, pause=0)
        found = picture()
        transaction.set_rollback(True)
    return found


def _interrupted(do: Any, stop_at: int) -> Any:
    done: list[int] = []

    def interrupted(self: Any, number: int) -> None:
        do(self, number)
        done.append(number)
        if len(done) == stop_at:
            raise KeyboardInterrupt

    return interrupted


def test_the_same_seed_writes_the_same_history() -> None:
    first = written(TINY)
    assert len(first) > 20
    assert written(TINY) == first
    assert written(replace(TINY, seed=7)) != first


def test_an_interrupted_history_goes_on_where_it_was() -> None:
    whole = written(TINY)
    broken = written(TINY, stop_at=9)
    assert len(broken) == len(whole)


def test_a_log_with_seals_takes_no_history() -> None:
    staff()
    sealing.seal()
    out = io.StringIO()
    call_command("fill_history", stdout=out)
    assert "No history" in out.getvalue()
    assert not HistoryDay.objects.exists()


def test_without_history_the_figures_are_counted_at_once() -> None:
    call_command("fill_history", empty=True)
    assert not HistoryDay.objects.exists()
    assert HourlyFigure.objects.filter(series="counted", label=MEASURED).exists()


def test_pages_say_that_the_history_is_being_written(client: Client) -> None:
    HistoryDay.objects.create(day=NOW.date())
    assert "demo-history" not in client.get("/inbox/").content.decode()
    with filling.writing():
        assert "demo-history" in client.get("/inbox/").content.decode()
    assert "demo-history" not in client.get("/inbox/").content.decode()


def test_pages_do_not_ask_the_database_for_a_history_that_nobody_writes(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get("/inbox/")
    assert "demo_historyday" not in " ".join(query["sql"] for query in captured.captured_queries)


def test_the_command_says_that_it_writes_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int | None] = []

    def fill(plan: HistoryPlan, now: datetime) -> int:
        HistoryDay.objects.create(day=NOW.date())
        seen.append(filling.progress(plan))
        return 0

    staff()
    people.ensure(people.AUDITOR)
    monkeypatch.setattr(filling, "fill", fill)
    call_command("fill_history", stdout=io.StringIO())
    assert (seen, filling.progress(HistoryPlan())) == ([1], None)
