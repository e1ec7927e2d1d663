"""Seals rows in the order of their ids. Writers of events never wait for it."""

import logging
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.digests import SEALED, row_digest
from audit.models import EventSeal, SecurityEvent
from audit.sealing import checkpoints, export, hash_chain
from audit.sealing.hash_chain import Checkpoint
from common.advisory_lock import try_lock

logger = logging.getLogger(__name__)

_LOCK = 7_303_015


@dataclass(frozen=True)
class _Window:
    """The recent part of the chain, used to find rows that are not sealed yet."""

    watermark_id: int
    sealed: set[int]  # sealed ids above the watermark
    aged_id: int  # the last id of a seal that is older than EVENT_SETTLE


@shared_task(name="audit.seal_events")
def seal() -> int:
    """Seal the visible rows that are not sealed yet. Return the number of rows.

    Concurrent calls are safe: one works and the others return. Each seal has its own transaction, and is logged after
    the commit.

    SECURITY: if the chain has lost the remembered seal, nothing is sealed, because changed rows must not be signed.
    """
    total = 0
    head = checkpoints.remembered()
    if head is not None and not checkpoints.is_there(head):
        logger.error("Security events are no longer sealed: the chain has lost the seal %s", head)
        return total
    while link := _next():
        head = Checkpoint(link.number, link.digest)
        checkpoints.remember(head)
        logger.info("Sealed %d security events: %s", link.count, head)
        total += link.count
        if link.count < hash_chain.BATCH:
            break
    export.export_sealed()
    return total


def _next() -> EventSeal | None:
    """Write one seal. Return None if no rows are left or another sealer is working."""
    with transaction.atomic():
        if not try_lock(_LOCK):
            return None
        now = timezone.now()
        before = EventSeal.objects.order_by("-number").first()
        window = _window(before.watermark_id if before else 0, now - settings.EVENT_SETTLE)
        row_digests = _row_digests(window)
        if not row_digests:
            return None
        ids = [row_id for row_id, _ in row_digests]
        link = EventSeal(
            number=before.number + 1 if before else 1,
            sealed_at=now,
            previous=before.digest if before else "",
            count=len(row_digests),
            watermark_id=_settled(window, ids, now - settings.EVENT_SETTLE),
            last_id=max(ids[-1], before.last_id if before else 0),
            row_digests=hash_chain.pack(row_digests),
        )
        hash_chain.sign(link)
        link.save()
    return link


def _window(watermark_id: int, settled_before: datetime) -> _Window:
    """Read the newest seals, back to the first one whose rows are all below the watermark."""
    sealed: set[int] = set()
    aged_id = watermark_id
    seals = EventSeal.objects.order_by("-number").values_list("last_id", "sealed_at", "row_digests")
    for last_id, sealed_at, row_digests in seals.iterator(chunk_size=20):
        if last_id <= watermark_id:
            break
        if sealed_at <= settled_before:
            aged_id = max(aged_id, last_id)
        sealed.update(row_id for row_id, _ in hash_chain.unpack(bytes(row_digests)) if row_id > watermark_id)
    return _Window(watermark_id, sealed, aged_id)


def _row_digests(window: _Window) -> list[tuple[int, bytes]]:
    """Return the id and the digest of the first rows that no seal contains."""
    ids = SecurityEvent.objects.filter(pk__gt=window.watermark_id).order_by("pk").values_list("pk", flat=True)
    unsealed = (row_id for row_id in ids.iterator(chunk_size=hash_chain.BATCH) if row_id not in window.sealed)
    rows = SecurityEvent.objects.filter(pk__in=list(islice(unsealed, hash_chain.BATCH))).order_by("pk")
    return [(row[0], row_digest(row)) for row in rows.values_list(*SEALED)]


def _settled(window: _Window, ids: list[int], settled_before: datetime) -> int:
    """Return the new watermark: once these rows are sealed, no unsealed row with an id up to it can appear.

    An id is assigned before its row is committed. A lower id can therefore appear after a higher one, but only within
    EVENT_SETTLE. Every id below the newest row (or seal) older than EVENT_SETTLE has been committed. The search stops
    at the first younger row, because an old time in a later row proves nothing.
    """
    # If the seal is full, rows above it may still be unsealed.
    top = ids[-1] if len(ids) >= hash_chain.BATCH else max(ids[-1], max(window.sealed, default=0))
    young = SecurityEvent.objects.filter(pk__gt=window.watermark_id, pk__lte=top, at__gt=settled_before)
    first_young = young.order_by("pk").values_list("pk", flat=True).first()
    old = (row_id for row_id in (*window.sealed, *ids) if row_id <= top and (not first_young or row_id < first_young))
    return max(window.watermark_id, max(old, default=0), min(window.aged_id, top))
