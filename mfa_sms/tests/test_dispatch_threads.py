"""The publishing threads: a request never waits for the broker, and no failure in a thread reaches it."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from common import publishing
from common.publishing import Publisher
from mfa_sms import delivery, dispatch, tasks
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.helpers import asked

PATIENCE = 10.0


class Calls:
    """Records the ids it is called with, waits for `go`, then raises `error` if there is one."""

    def __init__(self, error: Exception | None = None) -> None:
        self.ids: list[int] = []
        self.threads: set[str] = set()
        self.error = error
        self.go = threading.Event()
        self.go.set()

    def __call__(self, message_id: int) -> None:
        self.ids.append(message_id)
        self.threads.add(threading.current_thread().name)
        self.go.wait(PATIENCE)
        if self.error is not None:
            raise self.error


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The ids that are published to the broker."""
    calls = Calls()
    monkeypatch.setattr(tasks.send_code_message, "delay", calls)
    return calls


@pytest.fixture
def delivering(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The ids that this process sends itself."""
    calls = Calls()
    monkeypatch.setattr(delivery, "deliver", calls)
    return calls


@pytest.fixture(autouse=True)
def _threads(settings: Settings, _nothing_known: None) -> Iterator[None]:
    settings.PUBLISHER_THREADS = 2
    yield
    end()


def end() -> None:
    """Wait until everything is published."""
    pool = publishing._publisher._pool
    if pool is not None:
        pool.shutdown(wait=True)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_message_is_published_by_a_thread(broker: Calls, delivering: Calls) -> None:
    for message_id in range(5):
        dispatch.enqueue_code(message_id)
    end()
    assert sorted(broker.ids) == [0, 1, 2, 3, 4]
    assert all(name.startswith("publisher") for name in broker.threads)
    assert delivering.ids == []


def test_a_request_does_not_wait_for_a_slow_broker(broker: Calls, delivering: Calls) -> None:
    broker.go.clear()
    begin = time.monotonic()
    dispatch.enqueue_code(1)
    assert time.monotonic() - begin < 1
    broker.go.set()
    end()
    assert broker.ids == [1]


def test_where_the_broker_takes_nothing_the_thread_sends(broker: Calls, delivering: Calls) -> None:
    broker.error = OSError("no route to +4526123478")
    dispatch.enqueue_code(1)
    end()
    assert delivering.ids == [1]
    assert all(name.startswith("publisher") for name in delivering.threads)


def test_what_goes_wrong_in_a_thread_is_logged_without_its_text(
    broker: Calls, delivering: Calls, caplog: pytest.LogCaptureFixture
) -> None:
    broker.error = OSError()
    delivering.error = ValueError("no route to +4526123478")
    for message_id in range(5):
        dispatch.enqueue_code(message_id)
    end()
    assert sorted(delivering.ids) == [0, 1, 2, 3, 4]
    assert caplog.text.count("failed (ValueError); the sweep will") == 5
    assert "26123478" not in caplog.text


def test_what_finds_no_room_is_left_to_the_sweep(
    monkeypatch: pytest.MonkeyPatch, broker: Calls, delivering: Calls, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(publishing, "_publisher", Publisher(backlog=3))
    broker.go.clear()
    for message_id in range(4):
        dispatch.enqueue_code(message_id)
    assert "mfa_sms.send_code_message 3: too many wait to be published; the sweep will" in caplog.text
    broker.go.set()
    until(lambda: publishing._publisher._room._value == 3)
    # There is room again, even after a failure.
    broker.error = OSError()
    delivering.error = OSError()
    for message_id in range(4, 10):
        until(lambda: publishing._publisher._room._value == 3)
        dispatch.enqueue_code(message_id)
    end()
    assert sorted(broker.ids + delivering.ids) == [0, 1, 2, 4, 4, 5, 6, 7, 8, 9]
    assert caplog.text.count("too many wait") == 1


def test_handing_over_never_raises_while_the_process_ends(broker: Calls) -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    publishing._publisher._pool = pool
    dispatch.enqueue_code(1)
    assert broker.ids == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_message_that_found_no_broker_is_sent_by_a_thread_of_its_own_connection(
    phone: SmsDevice, broker: Calls
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a database in memory has one writer")
    broker.error = OSError()
    asked(phone)
    end()
    assert TextMessage.objects.get().status == TextMessage.Status.SENT
