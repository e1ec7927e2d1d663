"""Verification reports each change of the audit log, with the number of the row or seal (ASVS 16.4.2)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account
from audit import sealing
from audit.models import SecurityEvent
from audit.sealing import Counts, hash_chain, verifier
from audit.tests.seals import EVENTS, ago, findings, sealed_ids, tamper, three_seals, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make reading take several batches."""
    monkeypatch.setattr(verifier, "_ROWS_READ", 4)
    monkeypatch.setattr(verifier, "_SEALS_READ", 2)


@pytest.fixture
def ids(student: Account) -> list[int]:
    """Write three seals of three rows each."""
    return three_seals(student)


def copy_of(row_id: int, new_id: int) -> str:
    """Return SQL that inserts a copy of a row with another id."""
    names = ", ".join(field.attname for field in SecurityEvent._meta.concrete_fields if field.attname != "id")
    return f"INSERT INTO {EVENTS} (id, {names}) SELECT {new_id}, {names} FROM {EVENTS} WHERE id = {row_id}"  # noqa: S608


def change_row(change: str, row_id: int) -> None:
    tamper(f"UPDATE {{events}} SET {change} WHERE id = %s", row_id)  # noqa: S608


def test_an_untouched_log_has_no_findings_and_is_counted(ids: list[int]) -> None:
    write(2)
    counts = Counts()
    assert list(sealing.verify(counts=counts)) == []
    assert counts == Counts(seals=3, rows=9, unsealed=2)


def test_a_log_that_was_never_sealed_has_no_findings() -> None:
    write(2)
    counts = Counts()
    assert list(sealing.verify(counts=counts)) == []
    assert counts == Counts(unsealed=2)


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'signed_out'",
        "at = '2020-01-01 00:00:00+00:00'",
        "account_id = NULL",
        "actor_id = account_id",
        "name_digest = 'x'",
        "reason = ''",
        "detail = 'x'",
        "method = 'x'",
        "device_id = 6",
        "device_id = NULL",
        "reference = 'x'",
        "reason = detail, detail = reason",
    ],
)
@pytest.mark.parametrize("place", [0, 4, 8])
def test_asvs_16_4_2_a_changed_column_is_found(ids: list[int], change: str, place: int) -> None:
    change_row(change, ids[place])
    assert findings() == [("ROW_CHANGED", ids[place])]


def test_asvs_16_4_2_a_changed_digest_of_the_origin_is_found(ids: list[int]) -> None:
    tamper("UPDATE {events} SET client_digest = 'x' WHERE id = %s", ids[4])
    assert findings() == [("ROW_CHANGED", ids[4]), ("CLIENT_CHANGED", ids[4])]


@pytest.mark.parametrize("place", range(9))
def test_asvs_16_4_2_a_deleted_row_is_found(ids: list[int], place: int) -> None:
    tamper("DELETE FROM {events} WHERE id = %s", ids[place])
    assert findings() == [("ROW_DELETED", ids[place])]


def test_asvs_16_4_2_all_rows_deleted_are_found(ids: list[int]) -> None:
    tamper("DELETE FROM {events}")
    assert findings() == [("ROW_DELETED", row_id) for row_id in ids]


@pytest.mark.parametrize("new_id", ["gap", "below"])
def test_asvs_16_4_2_an_inserted_row_is_found(student: Account, new_id: str) -> None:
    (first,) = write(at=ago(hours=1))
    SecurityEvent(pk=first + 2, kind="signed_in", at=ago(hours=1)).save()
    sealing.seal()
    inserted = {"gap": first + 1, "below": -5}[new_id]
    tamper(copy_of(first, inserted))
    assert findings() == [("ROW_INSERTED", inserted)]
    SecurityEvent(pk=first + 9, kind="signed_in").save()
    sealing.seal()
    assert findings() == [("ROW_INSERTED", inserted)]


def test_asvs_16_4_2_a_backdated_row_with_a_fresh_id_is_found(ids: list[int]) -> None:
    fresh = ids[-1] + 100
    tamper(copy_of(ids[0], fresh))
    # The salt is copied too, and no seal contains the row yet.
    assert findings() == [("ROW_BACKDATED", fresh)]
    sealing.seal()
    assert sealed_ids()[-1] == [fresh]
    assert findings() == [("ROW_BACKDATED", fresh)]


def test_a_row_of_a_backlog_is_not_backdated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hash_chain, "BATCH", 2)
    for days in (300, 200, 100, 50, 20):
        write(at=ago(days=days))
    sealing.seal()
    assert len(sealed_ids()) == 3
    assert findings() == []


def test_a_row_that_was_committed_as_late_as_can_be_is_not_backdated() -> None:
    begin = timezone.now()
    write()
    sealing.seal()
    with time_machine.travel(begin + timedelta(minutes=9, seconds=50)):
        write(at=begin)
        assert findings() == []
        sealing.seal()
        assert findings() == []


def test_asvs_16_4_2_two_swapped_rows_are_both_named(ids: list[int]) -> None:
    one, other = ids[1], ids[5]
    tamper("UPDATE {events} SET id = -1 WHERE id = %s", one)
    tamper("UPDATE {events} SET id = %s WHERE id = %s", one, other)
    tamper("UPDATE {events} SET id = %s WHERE id = -1", other)
    assert findings() == [("ROW_CHANGED", one), ("ROW_CHANGED", other)]


@pytest.mark.parametrize(
    "change",
    [
        "address = '198.51.100.1'",
        "address = NULL",
        "network = '198.51.100.1'",
        "browser = 'Opera'",
        "client_salt = 'x'",
        "client_salt = ''",
        "address = NULL, network = NULL, client_salt = ''",
    ],
)
def test_asvs_16_4_2_a_changed_origin_is_found(ids: list[int], change: str) -> None:
    change_row(change, ids[4])
    assert findings() == [("CLIENT_CHANGED", ids[4])]


def test_a_changed_origin_of_a_row_that_is_not_sealed_yet_is_found() -> None:
    (row_id,) = write()
    tamper("UPDATE {events} SET browser = 'Opera'")
    assert findings() == [("CLIENT_CHANGED", row_id)]


def test_asvs_16_4_2_an_origin_that_was_taken_away_too_early_is_found(ids: list[int]) -> None:
    SecurityEvent.objects.filter(pk=ids[4]).forget_origin()
    assert findings() == [("CLIENT_BLANKED", ids[4])]
    with time_machine.travel(timezone.now() + timedelta(days=365)):
        assert findings() == []


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(8)), cuts=st.sets(st.integers(1, 7)), old=st.booleans())
def test_in_whatever_order_rows_are_committed_they_verify(order: list[int], cuts: set[int], old: bool) -> None:
    """Each permutation is an order in which rows become visible. The sealer runs at the cuts."""
    with transaction.atomic():
        for position, offset in enumerate(order):
            SecurityEvent(pk=offset + 1, kind="signed_in").save()
            if position in cuts:
                sealing.seal()
        with time_machine.travel(timezone.now() + timedelta(minutes=20 if old else 0)):
            sealing.seal()
            assert findings() == []
        assert sorted(row_id for ids in sealed_ids() for row_id in ids) == list(range(1, 9))
        transaction.set_rollback(True)
