"""Counts refusals that concern no account: one row per kind, reason, network and minute.

SECURITY: anyone can cause such refusals without signing in, and security events cannot be deleted. So the number of
rows is bounded by time and by the number of networks, not by the number of requests.
"""

import ipaddress
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from audit.kinds import EventKind
from audit.models import RefusalCount
from common import references
from common.batches import delete_in_batches
from common.client_info import ClientInfo

_TABLE = RefusalCount._meta.db_table
_REFERENCES_MAX = 40
# All references have the same length, and a space is between them.
_LONGEST = _REFERENCES_MAX * len("K7F3-92 ") - 1
_UPSERT = f"""
INSERT INTO {_TABLE} (minute, kind, reason, network, count, shown_references) VALUES (%s, %s, %s, %s, 1, %s)
ON CONFLICT (minute, kind, reason, network)
DO UPDATE SET count = {_TABLE}.count + 1, shown_references = CASE
    WHEN excluded.shown_references = '' OR LENGTH({_TABLE}.shown_references) >= {_LONGEST}
    THEN {_TABLE}.shown_references
    ELSE TRIM({_TABLE}.shown_references || ' ' || excluded.shown_references) END
"""  # noqa: S608  # the table's name is ours


def count_refusal(kind: EventKind, client: ClientInfo, reason: str = "") -> None:
    """Count one refusal, with one statement that is correct for any number of processes.

    The row keeps the references of its first `_REFERENCES_MAX` requests, so that the helpdesk finds them.

    SECURITY: `reason` must come from a fixed set. A reason from a request would let its sender add a row each time.
    """
    now = timezone.now()
    minute: Any = connection.ops.adapt_datetimefield_value(now.replace(second=0, microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [minute, str(kind), reason[:32], _network(client), client.reference])
    references.mark_recorded(client.reference)


def counts_of_reference(reference: str) -> QuerySet[RefusalCount]:
    """Return the rows that keep the reference, newest first."""
    return RefusalCount.objects.filter(shown_references__icontains=reference).order_by("-minute", "-pk")


def purge_refusal_counts() -> int:
    """Delete counts that are older than `REFUSAL_COUNTS_KEPT`. Return their number."""
    old = RefusalCount.objects.filter(minute__lt=timezone.now() - settings.REFUSAL_COUNTS_KEPT)
    return delete_in_batches(old.order_by("minute"))


def _network(client: ClientInfo) -> str:
    """Return the IPv4 address, or the /48 network of an IPv6 address, because one site often has a whole /48."""
    if client.address is None:
        return ""
    parsed = ipaddress.ip_address(client.address)
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.ip_network((parsed.packed, 48), strict=False))
