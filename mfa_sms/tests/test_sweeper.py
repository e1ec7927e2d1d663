"""Each worker sends due messages itself, without beat and without the broker."""

from datetime import timedelta

import pytest
from celery import signals
from django.utils import timezone
from pytest_django.fixtures import Settings

from mfa_sms import delivery, own_network, sweeper, tasks
from mfa_sms.models import Receipt, SmsDevice, TextMessage
from mfa_sms.sweeper import Sweeper
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import Clock, queued

Status = TextMessage.Status


@pytest.fixture
def worker() -> Sweeper:
    """The sweep of a worker with two threads, which a test runs by hand."""
    return Sweeper(2)


def send(worker: Sweeper) -> int:
    """Let the worker look once and send in this thread. Return how many messages it took."""

    def deliver(message_id: int) -> None:
        delivery.deliver(message_id)
        worker._room.release()

    return worker.look(deliver)


def refuse(*args: object) -> None:
    raise AssertionError("the broker is not asked")


def test_a_message_whose_task_was_lost_is_sent_within_five_seconds_without_broker_and_beat(
    clock: Clock, phone: SmsDevice, worker: Sweeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.send_code_message, "delay", refuse)
    gateway = FakeGateway()
    use(monkeypatch, gateway)
    queued(phone)
    for _ in range(10):
        clock.forward(sweeper.EVERY)
        send(worker)
    assert len(gateway.sent) == 1


def test_a_worker_takes_as_many_as_it_has_free_threads(clock: Clock, phone: SmsDevice, worker: Sweeper) -> None:
    for _ in range(5):
        queued(phone)
    clock.forward(5)
    taken: list[int] = []
    assert worker.look(taken.append) == 2
    assert worker.look(taken.append) == 0
    worker._room.release(2)
    assert worker.look(taken.append) == 2
    assert len(set(taken)) == 4


def test_a_worker_without_network_takes_one_message_as_a_trial(
    clock: Clock, phone: SmsDevice, worker: Sweeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        queued(phone)
    clock.forward(5)
    monkeypatch.setattr(own_network.OwnNetwork, "is_down", True)
    assert worker.look(lambda message_id: None) == 1


def test_a_message_that_cannot_be_sent_frees_its_thread(
    phone: SmsDevice, worker: Sweeper, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(message_id: int) -> None:
        raise RuntimeError("+4526123478")

    monkeypatch.setattr(delivery, "deliver", fail)
    monkeypatch.setattr(sweeper, "connections", type("Connections", (), {"close_all": staticmethod(lambda: None)}))
    assert worker._room.acquire(blocking=False)
    worker.deliver(7)
    assert worker._room.acquire(blocking=False)
    assert worker._room.acquire(blocking=False)
    assert "message 7: not sent (RuntimeError)" in caplog.text
    assert "26123478" not in caplog.text


def test_receipts_whose_task_was_lost_are_applied(worker: Sweeper, db: None) -> None:
    Receipt.objects.create(gateway="x", event_id="1", raw="", reference="", state="delivered")
    for _ in range(4):
        worker.look(lambda message_id: None)
    assert Receipt.objects.get().processed_at is not None


def test_every_worker_sweeps_unless_it_has_no_threads_for_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    monkeypatch.setattr(sweeper, "_sweeper", None)
    monkeypatch.setattr(Sweeper, "start", lambda self: started.append(self._threads))
    settings.SMS_SWEEPER_THREADS = 0
    signals.worker_ready.send(sender=None)
    assert started == []
    settings.SMS_SWEEPER_THREADS = 3
    signals.worker_ready.send(sender=None)
    signals.worker_ready.send(sender=None)
    assert started == [3]
    signals.worker_shutting_down.send(sender=None)
    assert sweeper._sweeper is not None
    assert sweeper._sweeper._stop.is_set()


def test_a_row_that_another_sweep_has_just_taken_is_left_to_it(clock: Clock, phone: SmsDevice, worker: Sweeper) -> None:
    queued(phone)
    clock.forward(5)
    assert worker.look(lambda message_id: None) == 1
    assert Sweeper(2).look(lambda message_id: None) == 0
    assert TextMessage.objects.get().next_at == timezone.now() + timedelta(seconds=6)
