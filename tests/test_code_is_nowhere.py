"""ASVS 16.2.5: a code appears on the phone and nowhere else."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import kombu
import pytest
from celery.signals import before_task_publish
from django.db import connection
from django.http import HttpResponse
from time_machine import TimeMachineFixture

from accounts.models import Account
from kumfa.celery import app
from mfa_sms import delivery, tasks
from mfa_sms.models import SmsDevice
from sessions.models import Session
from tests.fixtures import Browser, Outbox, Walk

QUEUE = "codes"


@dataclass
class Traces:
    """All traces of a walk, as text."""

    payloads: list[str] = field(default_factory=list)
    responses: list[str] = field(default_factory=list)


class WatchedBrowser(Browser):
    """A browser that keeps every response: status, headers, cookies and body."""

    def __init__(self, traces: Traces, work: "Worker") -> None:
        super().__init__()
        self._traces = traces
        self._worker = work

    def request(self, **request: Any) -> HttpResponse:  # type: ignore[override]
        """Make the request, keep the response, and run the worker."""
        response = super().request(**request)
        self._traces.responses.append(f"{response.headers} {response.cookies} {response.content.decode()}")
        self._worker.work()
        return response


class Worker:
    """Takes payloads from an in-memory broker. It replaces Celery's worker within one process."""

    def __init__(self, traces: Traces) -> None:
        self._traces = traces

    def work(self) -> None:
        """Keep each waiting payload and send its message."""
        with kombu.Connection("memory://") as broker:
            queue = kombu.Queue(QUEUE)(broker.channel())
            queue.declare()
            while (message := queue.get(no_ack=True)) is not None:
                self._traces.payloads.append(f"{message.body!r} {message.headers} {message.properties}")
                ((message_id,), _options, _embedded) = message.decode()
                delivery.deliver(message_id)


@pytest.fixture
def _broker_in_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    task: Any = tasks.send_code_message
    with kombu.Connection("memory://") as broker:

        def delay(*args: Any, **kwargs: Any) -> None:
            """Publish through the in-memory broker instead of the portal's broker."""
            app.conf.task_always_eager = False
            try:
                task.apply_async(args, kwargs, connection=broker)
            finally:
                app.conf.task_always_eager = True

        monkeypatch.setattr(task, "delay", delay)
        yield


def every_table() -> str:
    """Return every row of every table, and each decoded session."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a name of our own
            rows += [f"{table} {_text(value)}" for row in cursor.fetchall() for value in row]
    rows += [str(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(rows)


def _text(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def holds(text: str, code: str) -> bool:
    """Return whether the text contains the code as a word of its own.

    Random hexadecimal ids and tokens may contain the same digits.
    """
    return bool(re.search(rf"(?<![0-9A-Za-z]){code}(?![0-9A-Za-z])", text))


@pytest.mark.usefixtures("_broker_in_memory")
def test_asvs_16_2_5_the_code_is_nowhere_but_on_the_phone(
    student: Account, sms_outbox: Outbox, caplog: pytest.LogCaptureFixture, time_machine: TimeMachineFixture
) -> None:
    # Use whole seconds, so that no fraction of a second looks like a code.
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)
    for logger in ("", "django", "django.db.backends", "mfa_sms", "accounts", "celery"):
        caplog.set_level(logging.DEBUG, logger=logger)
    connection.force_debug_cursor = True
    published: list[str] = []

    def publish(**signal: Any) -> None:
        published.append(f"{signal['body']} {signal['headers']}")

    before_task_publish.connect(publish)
    traces = Traces()
    walk = Walk(sms_outbox, WatchedBrowser(traces, Worker(traces)))
    try:
        _walk(walk, student)
        tables = every_table()
    finally:
        before_task_publish.disconnect(publish)
        connection.force_debug_cursor = False
    codes = sms_outbox.codes
    assert len(codes) == len(set(codes)) == len(traces.payloads) == len(published) == 2
    logs = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "INSERT INTO" in logs
    where = {"tables": tables, "logs": logs, "payloads": "\n".join(traces.payloads + published)}
    where |= {f"response {number}": text for number, text in enumerate(traces.responses)}
    assert {(name, code) for name, text in where.items() for code in codes if holds(text, code)} == set()
    assert not any("26123478" in payload for payload in traces.payloads + published)


def _walk(walk: Walk, student: Account) -> None:
    """Enroll and sign in, with typing errors and reloads."""
    walk.enrolled(student)
    walk.done()
    device = SmsDevice.objects.get()
    walk.send(device)
    walk.code(f"{walk.outbox.codes[-1][:5]}")
    walk.get("/sign-in/verify/code/")
    walk.get("/sign-in/verify/code/status/")
    walk.code(f"Din kode er {walk.outbox.codes[-1]}")
    walk.stay("yes")
    assert "+45 •• •• •• 78" in walk.get("/security-info/").content.decode()
    assert "signed_in" in every_table()


def test_the_search_finds_a_code_that_is_somewhere(student: Account) -> None:
    Account.objects.filter(pk=student.pk).update(first_name="kode 123456.")
    assert holds(every_table(), "123456")
    assert not holds(every_table(), "654321")
