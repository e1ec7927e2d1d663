"""Events are sealed once each, in the order of their ids, including events that are committed late."""

import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit import digests, sealing
from audit.models import EventSeal, SecurityEvent
from audit.sealing import hash_chain, sealer
from audit.tests.seals import ago, findings, sealed_ids, write
from common.client_info import ClientInfo
from kumfa.logs.redaction import redact
from sign_in import events

pytestmark = pytest.mark.django_db


def test_what_is_written_is_sealed_once_and_in_order() -> None:
    first = write(3)
    assert sealing.seal() == 3
    second = write(2)
    sealer.seal.delay()
    assert sealing.seal() == 0
    assert sealed_ids() == [first, second]
    assert findings() == []


def test_without_events_there_is_no_seal() -> None:
    assert sealing.seal() == 0
    assert not EventSeal.objects.exists()


def test_each_seal_carries_the_digest_of_the_one_before_it() -> None:
    for _ in range(3):
        write()
        sealing.seal()
    seals = list(EventSeal.objects.order_by("number"))
    assert [seal.number for seal in seals] == [1, 2, 3]
    assert [seal.previous for seal in seals] == ["", seals[0].digest, seals[1].digest]


def test_a_backlog_is_sealed_in_several_seals_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hash_chain, "BATCH", 3)
    old, young = write(7, at=ago(days=400)), write(4)
    assert sealing.seal() == 11
    ids = old + young
    assert sealed_ids() == [ids[:3], ids[3:6], ids[6:9], ids[9:]]
    assert list(EventSeal.objects.order_by("number").values_list("watermark_id", flat=True)) == [
        old[2],
        old[5],
        old[6],
        old[6],
    ]
    assert findings() == []


def test_a_backlog_of_whole_batches_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hash_chain, "BATCH", 3)
    write(6)
    assert sealing.seal() == 6
    assert len(sealed_ids()) == 2


def test_a_row_that_comes_late_is_sealed_later_and_verifies() -> None:
    (first,) = write()
    SecurityEvent(pk=first + 2, kind="signed_in").save()
    sealing.seal()
    SecurityEvent(pk=first + 1, kind="signed_out").save()
    assert sealing.seal() == 1
    assert sealed_ids() == [[first, first + 2], [first + 1]]
    assert set(EventSeal.objects.values_list("last_id", flat=True)) == {first + 2}
    assert findings() == []


def test_what_may_still_come_is_not_settled_until_it_is_old_enough() -> None:
    begin = timezone.now()
    with time_machine.travel(begin, tick=False):
        (first,) = write()
        sealing.seal()
    with time_machine.travel(begin + timedelta(minutes=9), tick=False):
        (second,) = write()
        sealing.seal()
    with time_machine.travel(begin + timedelta(minutes=11), tick=False):
        (third,) = write()
        sealing.seal()
    settled = EventSeal.objects.order_by("number").values_list("watermark_id", "last_id")
    assert list(settled) == [(0, first), (0, second), (first, third)]


def test_a_row_with_an_old_time_behind_young_ones_settles_nothing() -> None:
    write(2)
    write(1, at=ago(days=1))
    sealing.seal()
    assert EventSeal.objects.get().watermark_id == 0


def test_a_clock_that_is_ahead_does_not_keep_rows_from_settling() -> None:
    write(1, at=timezone.now() + timedelta(days=900))
    sealing.seal()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        write()
        sealing.seal()
        assert EventSeal.objects.get(number=2).watermark_id == EventSeal.objects.get(number=1).last_id


def test_a_row_that_came_late_while_no_sealer_ran_is_sealed() -> None:
    begin = timezone.now()
    (first,) = write()
    SecurityEvent(pk=first + 2, kind="signed_in").save()
    sealing.seal()
    with time_machine.travel(begin + timedelta(minutes=1)):
        SecurityEvent(pk=first + 1, kind="signed_out").save()
    with time_machine.travel(begin + timedelta(minutes=30)):
        sealing.seal()
        assert sealed_ids() == [[first, first + 2], [first + 1]]
        assert EventSeal.objects.get(number=2).watermark_id == first + 2
        assert findings() == []


def test_more_rows_that_came_late_than_a_seal_holds_are_all_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hash_chain, "BATCH", 3)
    (first,) = write()
    SecurityEvent(pk=first + 9, kind="signed_in").save()
    sealing.seal()
    late = range(first + 1, first + 6)
    for row_id in late:
        SecurityEvent(pk=row_id, kind="signed_out").save()
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        assert sealing.seal() == 5
        assert sealed_ids()[1:] == [[*late[:3]], [*late[3:]]]
        assert findings() == []


def test_a_run_reads_no_row_that_is_settled() -> None:
    write(20, at=ago(hours=1))
    sealing.seal()
    write()
    with CaptureQueriesContext(connection) as queries:
        sealing.seal()
    settled = EventSeal.objects.get(number=1).watermark_id
    rows = [query["sql"] for query in queries if "audit_securityevent" in query["sql"] and "SELECT" in query["sql"]]
    assert rows
    assert all(f'"id" > {settled}' in sql or '"id" IN (' in sql for sql in rows)


def test_asvs_16_4_3_each_seal_is_logged_so_that_another_system_can_hold_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "audit.sealing")
    write(2)
    sealing.seal()
    seal = EventSeal.objects.get()
    (message,) = [record.getMessage() for record in caplog.records if record.name.startswith("audit.sealing")]
    told, _, anchor = message.partition(": ")
    assert told == "Sealed 2 security events"
    assert sealing.Checkpoint.read(anchor) == (1, seal.digest)


@given(st.integers(1, 9_999_999), st.binary(min_size=32, max_size=32) | st.just(bytes([0x12] * 32)))
def test_an_anchor_is_read_as_it_was_written_and_no_filter_of_logs_masks_it(number: int, digest: bytes) -> None:
    anchor = sealing.Checkpoint(number, digest.hex())
    text = f"Sealed 5000 security events: {anchor}"
    assert redact(text) == text
    assert sealing.Checkpoint.read(str(anchor)) == anchor
    assert sealing.Checkpoint.read(f"{number}:{digest.hex()}") == anchor


def test_a_new_key_signs_and_the_old_one_still_verifies(settings: Settings) -> None:
    settings.EVENT_SEAL_KEYS = ["o" * 40]
    write()
    sealing.seal()
    settings.EVENT_SEAL_KEYS = ["n" * 40, "o" * 40]
    write()
    sealing.seal()
    assert findings() == []
    settings.EVENT_SEAL_KEYS = ["n" * 40]
    assert findings() == [("SEAL_UNKNOWN_KEY", 1)]


def test_an_event_is_written_without_a_look_at_other_rows(student: Account) -> None:
    with CaptureQueriesContext(connection) as queries:
        events.signed_out(student, ClientInfo("192.0.2.1", "Browser"))
    assert [query["sql"].split()[0] for query in queries] == ["INSERT"]


def test_each_column_is_either_sealed_or_can_be_taken_away() -> None:
    assert {field.attname for field in SecurityEvent._meta.concrete_fields} == {*digests.SEALED, *digests.CLIENT}
    assert not set(digests.SEALED) & set(digests.CLIENT)


def test_a_column_that_is_added_empty_leaves_digests_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    row: list[Any] = [1, timezone.now(), "signed_in", 7, None, "", "", "", "", None, "", "d"]
    before = digests.row_digest(row)
    monkeypatch.setattr(digests, "SEALED", (*digests.SEALED, "added"))
    assert digests.row_digest([*row, ""]) == digests.row_digest([*row, None]) == before
    assert digests.row_digest([*row, "x"]) != before
