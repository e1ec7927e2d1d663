"""Helpers for the tests of the sealed audit log: they write rows, and change rows without the ORM."""

from datetime import timedelta
from typing import Any

import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import Account
from audit import sealing
from audit.models import EventSeal, SecurityEvent

EVENTS = SecurityEvent._meta.db_table
SEALS = EventSeal._meta.db_table


def write(count: int = 1, **fields: Any) -> list[int]:
    """Write events one by one. Return their ids."""
    fields = {"kind": "signed_in", "address": "192.0.2.7", "network": "192.0.2.7", "browser": "Firefox", **fields}
    return [SecurityEvent.objects.create(**fields).pk for _ in range(count)]


def three_seals(account: Account) -> list[int]:
    """Write three rows and seal them, three times.

    Return the ids. The rows of the first two seals are below the watermark.
    """
    made = []
    for minutes in (90, 60, 30):
        with time_machine.travel(timezone.now() - timedelta(minutes=minutes), tick=False):
            made += write(3, account=account, reason="r", detail="d", method="m", device_id=5, reference="K7F3-92")
            sealing.seal()
    return made


def ago(**period: float) -> Any:
    """Return the time that long ago."""
    return timezone.now() - timedelta(**period)


def tamper(statement: str, *params: Any) -> None:
    """Run SQL on the audit log as the owner of its tables, who may disable triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in (EVENTS, SEALS):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        cursor.execute(statement.format(events=EVENTS, seals=SEALS), params)
        assert cursor.rowcount > 0
        if connection.vendor == "postgresql":
            for table in (EVENTS, SEALS):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


def findings(head: sealing.Checkpoint | None = None) -> list[tuple[str, int]]:
    """Run the verification. Return the name of each fault with the number of its row or seal."""
    return [(finding.fault.name, finding.number) for finding in sealing.verify(head)]


def sealed_ids() -> list[list[int]]:
    """Return the ids of the rows in each seal, oldest seal first."""
    return [
        [row_id for row_id, _ in sealing.hash_chain.unpack(bytes(seal.row_digests))]
        for seal in EventSeal.objects.order_by("number")
    ]
