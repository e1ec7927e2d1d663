"""Verification reports each change of a seal, with the number of the seal (ASVS 16.4.2)."""

from collections.abc import Iterable

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit import sealing
from audit.models import EventSeal
from audit.sealing import Checkpoint, hash_chain, verifier
from audit.tests.seals import findings, tamper, three_seals

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make reading take several batches."""
    monkeypatch.setattr(verifier, "_SEALS_READ", 2)


@pytest.fixture
def ids(student: Account) -> list[int]:
    """Write three seals of three rows each."""
    return three_seals(student)


def change_seal(change: str, number: int) -> None:
    tamper(f"UPDATE {{seals}} SET {change} WHERE number = %s", number)  # noqa: S608


@pytest.mark.parametrize(
    ("number", "also"),
    [(1, [("SEAL_UNLINKED", 2)]), (2, [("SEAL_UNLINKED", 3)]), (3, [])],
)
def test_asvs_16_4_2_a_changed_digest_of_a_seal_is_found(
    ids: list[int], number: int, also: list[tuple[str, int]]
) -> None:
    tamper("UPDATE {seals} SET digest = %s WHERE number = %s", "0" * 64, number)
    assert findings() == [("SEAL_CHANGED", number), ("SEAL_FORGED", number), *also]


@pytest.mark.parametrize(
    "change", ["sealed_at = '2020-01-01 00:00:00+00:00'", "last_id = last_id + 1", "watermark_id = watermark_id + 1"]
)
def test_asvs_16_4_2_a_changed_column_of_a_seal_is_found(ids: list[int], change: str) -> None:
    change_seal(change, 3)
    assert findings() == [("SEAL_CHANGED", 3)]


@pytest.mark.parametrize("change", ["previous = digest", "count = count + 1"])
def test_asvs_16_4_2_a_seal_that_does_not_follow_is_found(ids: list[int], change: str) -> None:
    change_seal(change, 2)
    assert findings() == [("SEAL_CHANGED", 2), ("SEAL_UNLINKED", 2)]


def test_asvs_16_4_2_a_changed_signature_is_found(ids: list[int]) -> None:
    tamper("UPDATE {seals} SET signature = %s WHERE number = 2", "0" * 64)
    assert findings() == [("SEAL_FORGED", 2)]


def test_asvs_16_4_2_a_seal_made_without_the_key_is_found(ids: list[int], settings: Settings) -> None:
    """An attacker who can write only to the database cannot forge a new chain."""
    kept = settings.EVENT_SEAL_KEYS
    tamper("UPDATE {events} SET reason = 'x' WHERE id = %s", ids[0])
    tamper("DELETE FROM {seals}")
    settings.EVENT_SEAL_KEYS = ["a" * 40]
    cache.clear()  # removes the remembered newest seal
    sealing.seal()
    settings.EVENT_SEAL_KEYS = kept
    assert findings() == [("SEAL_UNKNOWN_KEY", 1)]
    tamper("UPDATE {seals} SET key_id = %s", hash_chain._key_id(kept[0]))
    assert findings() == [("SEAL_FORGED", 1)]


@pytest.mark.parametrize(("number", "places"), [(1, range(3)), (2, range(3, 6))])
def test_asvs_16_4_2_a_deleted_seal_is_found_with_its_rows(ids: list[int], number: int, places: Iterable[int]) -> None:
    tamper("DELETE FROM {seals} WHERE number = %s", number)
    assert findings() == [("SEAL_MISSING", number), *(("ROW_INSERTED", ids[place]) for place in places)]


def test_asvs_16_4_2_a_row_taken_out_of_a_list_of_leaves_is_found(ids: list[int]) -> None:
    row_digests = bytes(EventSeal.objects.get(number=2).row_digests)
    tamper("UPDATE {seals} SET row_digests = %s, count = 2 WHERE number = 2", row_digests[40:])
    tamper("DELETE FROM {events} WHERE id = %s", ids[3])
    assert findings() == [("SEAL_CHANGED", 2)]


@pytest.mark.parametrize("end", [b"x", b""])
def test_asvs_16_4_2_a_torn_list_of_leaves_is_found(ids: list[int], end: bytes) -> None:
    row_digests = bytes(EventSeal.objects.get(number=3).row_digests)
    tamper("UPDATE {seals} SET row_digests = %s WHERE number = 3", row_digests[:40] + end)
    assert findings() == [("SEAL_CHANGED", 3), ("SEAL_UNLINKED", 3)]


def test_a_row_that_two_seals_hold_is_found(ids: list[int]) -> None:
    """Only somebody with the key can do that."""
    third, second = EventSeal.objects.get(number=3), EventSeal.objects.get(number=2)
    third.row_digests = bytes(second.row_digests)[-40:] + bytes(third.row_digests)
    third.count += 1
    third.watermark_id = second.watermark_id
    hash_chain.sign(third)
    tamper(
        "UPDATE {seals} SET row_digests = %s, count = %s, watermark_id = %s, digest = %s, signature = %s"
        " WHERE number = 3",
        third.row_digests,
        third.count,
        third.watermark_id,
        third.digest,
        third.signature,
    )
    assert findings() == [("ROW_SEALED_TWICE", ids[5])]


@pytest.mark.parametrize("what", ["watermark_id", "row_digests"])
def test_a_signed_seal_that_goes_back_behind_what_is_settled_is_found(ids: list[int], what: str) -> None:
    """Only somebody with the key can do that."""
    third, first = EventSeal.objects.get(number=3), EventSeal.objects.get(number=1)
    if what == "watermark_id":
        third.watermark_id = 0
    else:
        third.row_digests = bytes(first.row_digests)
    hash_chain.sign(third)
    tamper(
        "UPDATE {seals} SET row_digests = %s, watermark_id = %s, digest = %s, signature = %s WHERE number = 3",
        third.row_digests,
        third.watermark_id,
        third.digest,
        third.signature,
    )
    assert ("SEAL_UNLINKED", 3) in findings()


def test_a_chain_cut_off_at_its_end_is_found_by_a_seal_known_elsewhere(ids: list[int]) -> None:
    known = Checkpoint(3, EventSeal.objects.get(number=3).digest)
    assert findings(known) == []
    tamper("DELETE FROM {seals} WHERE number = 3")
    tamper("DELETE FROM {events} WHERE id = %s", ids[8])
    assert findings() == []
    assert findings(known) == [("HEAD_MISSING", 3)]
    cache.clear()  # removes the remembered newest seal
    sealing.seal()
    assert findings() == []
    assert findings(known) == [("HEAD_OTHER", 3)]


def test_a_seal_far_ahead_names_a_hundred_missing_ones_at_most(ids: list[int]) -> None:
    tamper("UPDATE {seals} SET number = 1000000000 WHERE number = 3")
    found = findings()
    assert found[:2] == [("SEAL_MISSING", 3), ("SEAL_MISSING", 4)]
    assert len(found) == 101
    assert found[-1] == ("SEAL_CHANGED", 1000000000)
