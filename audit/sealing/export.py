"""Export of sealed events: a JSON line for each, for a SIEM, and totals for metrics.

Lines are in the order of the seals, and of the ids within a seal. None is lost: the position is stored after the lines
of a seal are written. A process that dies in between writes them again, with the same `event.id`.
"""

import json
import logging
from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import F

from audit.models import EventSeal, EventTotal, ExportedSeal, SecurityEvent
from audit.sealing import hash_chain
from common.advisory_lock import try_lock

# Its own handler and level (kumfa/settings/logs.py). SECURITY: lines contain addresses, unlike those of other loggers.
logger = logging.getLogger("kumfa.events")

_LOCK = 7_303_016
_FAILED = ("refused", "failed", "wrong", "rejected", "locked", "disabled", "limit_reached")


def export_sealed() -> int:
    """Export the events of every seal that was not exported yet. Return their number."""
    total = 0
    while True:
        with transaction.atomic():
            if not try_lock(_LOCK):
                return total
            position, _created = ExportedSeal.objects.get_or_create(pk=1, defaults={"number": 0})
            seal = EventSeal.objects.filter(number__gt=position.number).order_by("number").first()
            if seal is None:
                return total
            total += _export(seal)
            position.number = seal.number
            position.save(update_fields=["number"])


def _export(seal: EventSeal) -> int:
    ids = [row_id for row_id, _digest in hash_chain.unpack(bytes(seal.row_digests))]
    events = list(SecurityEvent.objects.filter(pk__in=ids).order_by("pk"))
    for event in events:
        logger.info(json.dumps(as_ecs(event, seal), ensure_ascii=False))
    counts = Counter(event.kind for event in events)
    EventTotal.objects.bulk_create([EventTotal(kind=kind) for kind in counts], ignore_conflicts=True)
    for kind, count in counts.items():
        EventTotal.objects.filter(pk=kind).update(total=F("total") + count)
    return len(events)


def as_ecs(event: SecurityEvent, seal: EventSeal) -> dict[str, Any]:
    """Return the event with the field names of the Elastic Common Schema. Accounts are numbers, as in the log."""
    user: dict[str, Any] = {"user.id": str(event.actor_id or event.account_id or "")}
    if event.actor_id:
        user["user.target.id"] = str(event.account_id or "")
    fields = {
        "@timestamp": event.at.isoformat(timespec="milliseconds"),
        "ecs.version": "8.11.0",
        "event.kind": "event",
        "event.module": "kumfa",
        "event.dataset": "kumfa.events",
        "event.category": ["iam" if event.actor_id else "authentication"],
        "event.type": ["info"],
        "event.action": str(event.kind),
        "event.outcome": "failure" if any(word in event.kind for word in _FAILED) else "success",
        "event.reason": event.reason,
        "event.id": str(event.pk),
        "event.sequence": event.pk,
        **user,
        "source.ip": event.address or "",
        "user_agent.original": event.browser,
        "http.request.id": event.reference,
        "kumfa.method": event.method,
        "kumfa.device_id": str(event.device_id or ""),
        "kumfa.detail": event.detail,
        "kumfa.seal": seal.number,
    }
    return {name: value for name, value in fields.items() if value != ""}
