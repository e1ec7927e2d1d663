"""Verifies the chain, then each row against the seal that contains it.

Rows and seals are read in batches, so memory use is bounded. Seals are read up to the one that is last at the start, so
events may be written and sealed during the verification.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from audit.digests import CLIENT, SEALED, client_digest, row_digest
from audit.models import EventSeal, SecurityEvent
from audit.sealing import hash_chain
from audit.sealing.hash_chain import Checkpoint

_ROWS_READ = 5000
_SEALS_READ = 100
_GAP_TOLD = 100  # the maximum number of missing seals to report for one gap
_EVER = datetime.min.replace(tzinfo=UTC)
_AT = SEALED.index("at")
_CLIENT_DIGEST = SEALED.index("client_digest")


class SealFault(StrEnum):
    """The faults that verification can find, as messages for operators. {} is the number of the row or the seal."""

    ROW_CHANGED = "Row {} was changed: it is not what was sealed."
    ROW_DELETED = "Row {} was deleted."
    ROW_INSERTED = "Row {} was inserted: its id is settled, and no seal holds it."
    ROW_BACKDATED = "Row {} was backdated: its time is before that of seals made without it."
    ROW_SEALED_TWICE = "Row {} is held by two seals."
    CLIENT_CHANGED = "Row {}: address, network or browser was changed."
    CLIENT_BLANKED = "Row {}: address, network and browser were taken away before their time."
    SEAL_MISSING = "Seal {} is missing."
    SEAL_CHANGED = "Seal {} was changed: its digest is another."
    SEAL_UNLINKED = "Seal {} does not follow from the one before it."
    SEAL_OLD_KEY = "Seal {} was signed with a key that had been replaced before."
    SEAL_UNKNOWN_KEY = "Seal {} was signed with a key that is not in EVENT_SEAL_KEYS."
    SEAL_FORGED = "Seal {} has a wrong signature."
    HEAD_MISSING = "Seal {} is the one given, and the chain ends before it."
    HEAD_OTHER = "Seal {} has another digest than the one given."


@dataclass(frozen=True)
class Finding:
    """One fault of one row or seal. It contains no addresses and no browsers."""

    fault: SealFault
    number: int

    def __str__(self) -> str:
        return self.fault.format(self.number)


@dataclass
class Counts:
    """The numbers of correct seals, correct rows, and correct rows that are not sealed yet."""

    seals: int = 0
    rows: int = 0
    unsealed: int = 0


class _SealedRow(NamedTuple):
    """A sealed row. `earliest` is the earliest time at which it may have been written."""

    row_id: int
    seal: int
    digest: bytes
    earliest: datetime


def verify(head: Checkpoint | None = None, counts: Counts | None = None) -> Iterator[Finding]:
    """Yield the faults of the audit log, those of the chain first. Update `counts` during the verification.

    `head` is a seal that is known from outside the database. Without it, a chain that was cut short is not detected.
    """
    counts = counts if counts is not None else Counts()
    last = EventSeal.objects.order_by("-number").first()
    if head is not None:
        yield from _against_head(head)
    yield from _chain(last, counts)
    yield from _rows(last, counts)


def _against_head(head: Checkpoint) -> Iterator[Finding]:
    digest = EventSeal.objects.filter(number=head.number).values_list("digest", flat=True).first()
    if digest != head.digest:
        yield Finding(SealFault.HEAD_OTHER if digest else SealFault.HEAD_MISSING, head.number)


def _chain(last: EventSeal | None, counts: Counts) -> Iterator[Finding]:
    """Check the number, link, digest and signature of each seal."""
    before = None
    newest = len(settings.EVENT_SEAL_KEYS)
    for seal in _seals(last):
        expected = before.number + 1 if before else 1
        missing = range(expected, seal.number)
        yield from (Finding(SealFault.SEAL_MISSING, number) for number in islice(missing, _GAP_TOLD))
        faults = list(_faults(seal, before, gap=bool(missing)))
        age = hash_chain.age_of_key(seal)
        if age is not None and age > newest:
            faults.append(SealFault.SEAL_OLD_KEY)
        newest = min(newest, newest if age is None else age)
        yield from (Finding(fault, seal.number) for fault in faults)
        counts.seals += not faults
        before = seal


def _faults(seal: EventSeal, before: EventSeal | None, *, gap: bool) -> Iterator[SealFault]:
    if hash_chain.digest(seal) != seal.digest:
        yield SealFault.SEAL_CHANGED
    previous, watermark_id = (before.digest, before.watermark_id) if before else ("", 0)
    ids = [row_id for row_id, _ in hash_chain.unpack(bytes(seal.row_digests))]
    follows = (
        (gap or seal.previous == previous)
        and seal.watermark_id >= watermark_id
        and all(row_id > watermark_id for row_id in ids)
        and seal.count * hash_chain.ROW_DIGEST_SIZE == len(seal.row_digests)
    )
    if not follows:
        yield SealFault.SEAL_UNLINKED
    if not hash_chain.knows_key(seal):
        yield SealFault.SEAL_UNKNOWN_KEY
    elif not hash_chain.is_signed(seal):
        yield SealFault.SEAL_FORGED


def _seals(last: EventSeal | None) -> Iterator[EventSeal]:
    """Yield the seals up to the last one, in order."""
    seals = EventSeal.objects.filter(number__lte=last.number).order_by("number") if last else EventSeal.objects.none()
    batch = list(seals[:_SEALS_READ])
    while batch:
        yield from batch
        batch = list(seals.filter(number__gt=batch[-1].number)[:_SEALS_READ])


def _row_digests(last: EventSeal | None) -> Iterator[_SealedRow]:
    """Yield all row digests in the order of their ids.

    A row that was committed late is in a later seal than its neighbors. It is in no seal after the one whose watermark
    reaches its id. Therefore the buffer contains only rows that were written within EVENT_SETTLE.
    """
    waiting: list[_SealedRow] = []
    earliest = _EVER
    for seal in _seals(last):
        for row_id, digest in hash_chain.unpack(bytes(seal.row_digests)):
            heapq.heappush(waiting, _SealedRow(row_id, seal.number, digest, earliest))
        while waiting and waiting[0].row_id <= seal.watermark_id:
            yield heapq.heappop(waiting)
        earliest = _earliest_after(seal, earliest)
    while waiting:
        yield heapq.heappop(waiting)


def _earliest_after(seal: EventSeal, before: datetime = _EVER) -> datetime:
    """Return the earliest time at which a row that this seal does not contain may have been written.

    A full seal leaves rows of any age to the next seal. A seal that is not full left no visible row unsealed.
    """
    return before if seal.count >= hash_chain.BATCH else seal.sealed_at - settings.EVENT_SETTLE


def _all_rows() -> Iterator[tuple[Any, ...]]:
    """Yield the values of `SEALED` and then `CLIENT` for every row, in the order of the ids."""
    rows = SecurityEvent.objects.order_by("pk").values_list(*SEALED, *CLIENT)
    batch = list(rows[:_ROWS_READ])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1][0])[:_ROWS_READ])


def _rows(last: EventSeal | None, counts: Counts) -> Iterator[Finding]:
    """Compare rows and row digests, both in the order of their ids."""
    watermark_id, earliest = (last.watermark_id, _earliest_after(last)) if last else (0, _EVER)
    row_digests = _row_digests(last)
    sealed_row = next(row_digests, None)
    for row in _all_rows():
        row_id = row[0]
        while sealed_row is not None and sealed_row.row_id < row_id:
            yield Finding(SealFault.ROW_DELETED, sealed_row.row_id)
            sealed_row = next(row_digests, None)
        faults = []
        if sealed_row is not None and sealed_row.row_id == row_id:
            faults = list(_sealed_faults(row, sealed_row))
            sealed_row = next(row_digests, None)
            while sealed_row is not None and sealed_row.row_id <= row_id:
                faults.append(SealFault.ROW_SEALED_TWICE)
                sealed_row = next(row_digests, None)
            counts.rows += not faults
        else:
            faults = list(_unsealed_faults(row, watermark_id, earliest))
            counts.unsealed += not faults
        yield from (Finding(fault, row_id) for fault in faults)
    while sealed_row is not None:
        yield Finding(SealFault.ROW_DELETED, sealed_row.row_id)
        sealed_row = next(row_digests, None)


def _sealed_faults(row: tuple[Any, ...], sealed_row: _SealedRow) -> Iterator[SealFault]:
    if row_digest(row[: len(SEALED)]) != sealed_row.digest:
        yield SealFault.ROW_CHANGED
    elif row[_AT] < sealed_row.earliest:
        yield SealFault.ROW_BACKDATED
    yield from _origin_faults(row)


def _unsealed_faults(row: tuple[Any, ...], watermark_id: int, earliest: datetime) -> Iterator[SealFault]:
    if row[0] <= watermark_id:
        yield SealFault.ROW_INSERTED
    elif row[_AT] < earliest:
        yield SealFault.ROW_BACKDATED
    yield from _origin_faults(row)


def _origin_faults(row: tuple[Any, ...]) -> Iterator[SealFault]:
    salt, address, network, browser = row[len(SEALED) :]
    if (salt, address, network, browser) == ("", None, None, ""):
        if row[_AT] >= timezone.now() - settings.EVENT_CLIENT_KEPT:
            yield SealFault.CLIENT_BLANKED
        return
    try:
        found = client_digest(salt, address, network, browser)
    except ValueError:
        found = ""
    if found != row[_CLIENT_DIGEST]:
        yield SealFault.CLIENT_CHANGED
