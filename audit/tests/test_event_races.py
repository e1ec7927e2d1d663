"""Concurrent sealers and writers: writers never wait, one sealer works, and rows committed late are sealed late."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction

from audit import event_retention, sealing
from audit.models import EventSeal, SecurityEvent
from audit.sealing import hash_chain, sealer
from audit.tests.seals import ago, findings, sealed_ids, write
from common.advisory_lock import try_lock
from mfa_sms.tests.races import PATIENCE, at_once

pytestmark = pytest.mark.postgresql


@pytest.fixture(autouse=True)
def _no_seal_remembered(row_locks: None) -> None:
    cache.clear()  # removes the remembered newest seal: the end of a test clears only tables


class Writer:
    """Writes one event in a transaction of its own, and commits it when `told` is set."""

    def __init__(self) -> None:
        self.written, self.told = threading.Event(), threading.Event()

    def __call__(self) -> int:
        """Write the event. Return the id of its row."""
        try:
            with transaction.atomic():
                (row_id,) = write()
                self.written.set()
                assert self.told.wait(PATIENCE)
            return row_id
        finally:
            connections.close_all()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def test_of_several_sealers_at_once_one_works() -> None:
    for turn in range(1, 11):
        ids = write(20)
        results = at_once([sealing.seal] * 4)
        assert sorted(results, key=str) == [0, 0, 0, 20]
        assert EventSeal.objects.count() == turn
        assert sealed_ids()[-1] == ids
    assert findings() == []


def test_sealers_that_share_a_backlog_make_one_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hash_chain, "BATCH", 5)
    ids = write(52)
    results = at_once([sealing.seal] * 3)
    assert all(isinstance(result, int) for result in results), results
    sealing.seal()
    assert [row_id for seal in sealed_ids() for row_id in seal] == ids
    assert findings() == []


def test_a_sealer_does_nothing_while_another_is_at_it() -> None:
    write()
    with transaction.atomic():
        assert try_lock(sealer._LOCK)
        assert at_once([sealing.seal]) == [0]
    assert at_once([sealing.seal]) == [1]


def test_who_writes_waits_neither_for_a_sealer_nor_for_another_writer() -> None:
    """The sealer has read its rows and written its seal, but has not committed."""
    write(3)
    with transaction.atomic():
        assert sealing.seal() == 3
        with ThreadPoolExecutor(3) as pool:
            ids = [future.result(PATIENCE) for future in [pool.submit(in_short) for _ in range(3)]]
    assert len({*ids}) == 3
    assert sealing.seal() == 3
    assert findings() == []


def in_short() -> int:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        return write()[0]
    finally:
        connections.close_all()


def test_a_lower_id_that_is_committed_after_a_higher_one_was_sealed_is_sealed_later(pool: ThreadPoolExecutor) -> None:
    slow = Writer()
    future = pool.submit(slow)
    assert slow.written.wait(PATIENCE)
    (quick,) = write()
    assert sealing.seal() == 1
    slow.told.set()
    late = future.result(PATIENCE)
    assert late < quick
    assert findings() == []
    assert sealing.seal() == 1
    assert sealed_ids() == [[quick], [late]]
    assert findings() == []


def test_a_row_that_is_rolled_back_leaves_a_gap_that_is_no_finding() -> None:
    write(2, at=ago(hours=1))
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    write(2, at=ago(hours=1))
    sealing.seal()
    write()
    sealing.seal()
    assert findings() == []


def test_origins_are_forgotten_while_others_write_and_seal() -> None:
    write(30, at=ago(days=400))
    calls: list[Callable[[], int]] = [event_retention.anonymize_events, sealing.seal, lambda: len(write(5))]
    results = at_once(calls)
    assert results == [30, results[1], 5]
    assert isinstance(results[1], int)
    sealing.seal()
    assert not SecurityEvent.objects.filter(at__lt=ago(days=365)).exclude(client_salt="").exists()
    assert findings() == []
