"""Seals rows in the order of their ids. Whoever writes events waits for nothing here."""

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
from audit.sealing import checkpoints, hash_chain
from audit.sealing.hash_chain import Checkpoint
from common.advisory_lock import try_lock

logger = logging.getLogger(__name__)

_LOCK = 7_303_015


@dataclass(frozen=True)
class _Window:
    """What the chain knows of the rows that may still have unsealed ones among them."""

    watermark_id: int
    sealed: set[int]  # ids beyond the settled one
    aged_id: int  # the last id of a seal that is old enough to have settled by itself


@shared_task(name="audit.seal_events")
def seal() -> int:
    """Seal what is visible and not sealed yet, and return how many rows that were.

    Any number may run at once: one works and the others return. Each seal is a transaction of its own, and is logged
    once it is committed. Seals nothing more once a seal that it remembers is gone: what was changed in the meantime
    must not be signed.
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
    return total


def _next() -> EventSeal | None:
    """Write one seal; None where there is nothing to seal, or someone else is at it."""
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
    """Read the newest seals, back to the first that is wholly settled."""
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
    """Return id and digest of the first rows that no seal holds."""
    ids = SecurityEvent.objects.filter(pk__gt=window.watermark_id).order_by("pk").values_list("pk", flat=True)
    unsealed = (row_id for row_id in ids.iterator(chunk_size=hash_chain.BATCH) if row_id not in window.sealed)
    rows = SecurityEvent.objects.filter(pk__in=list(islice(unsealed, hash_chain.BATCH))).order_by("pk")
    return [(row[0], row_digest(row)) for row in rows.values_list(*SEALED)]


def _settled(window: _Window, ids: list[int], settled_before: datetime) -> int:
    """Return the id up to which nothing can come any more, once these rows are sealed.

    An id is given before its row is committed, so a lower one may come after a higher one, but no later than
    EVENT_SETTLE: all ids before a row that is older than that have come, and those before the last of a seal that is.
    A row that is younger ends the search: one behind it with an old time proves nothing.
    """
    # Behind a full seal there may be rows that are not sealed.
    top = ids[-1] if len(ids) >= hash_chain.BATCH else max(ids[-1], max(window.sealed, default=0))
    young = SecurityEvent.objects.filter(pk__gt=window.watermark_id, pk__lte=top, at__gt=settled_before)
    first_young = young.order_by("pk").values_list("pk", flat=True).first()
    old = (row_id for row_id in (*window.sealed, *ids) if row_id <= top and (not first_young or row_id < first_young))
    return max(window.watermark_id, max(old, default=0), min(window.aged_id, top))
