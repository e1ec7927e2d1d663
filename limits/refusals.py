"""Records refusals: one event per limit, party and minute, and a total for the metric."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Account
from common.client_info import ClientInfo
from limits import events
from limits.limit import Refusal
from limits.models import LimitRefusal

_TABLE = LimitRefusal._meta.db_table
# At the turn of a minute, a refusal of the old minute may come after one of the new. It counts to the new one.
_UPSERT = f"""
INSERT INTO {_TABLE} ("limit", party, minute, in_minute, total) VALUES (%(limit)s, %(party)s, %(minute)s, 1, 1)
ON CONFLICT ("limit", party) DO UPDATE SET
    in_minute = 1 + CASE WHEN {_TABLE}.minute IN (%(minute)s, %(next)s) THEN {_TABLE}.in_minute ELSE 0 END,
    total = {_TABLE}.total + 1,
    minute = CASE WHEN {_TABLE}.minute = %(next)s THEN {_TABLE}.minute ELSE %(minute)s END
RETURNING in_minute
"""  # noqa: S608  # the table's name is ours


def record(refusal: Refusal, client: ClientInfo, account: Account | None = None) -> None:
    """Count a refusal, and write its event if it is the first of the minute for the party.

    The party is the account, otherwise the client's network. SECURITY: the log cannot be emptied, so a stranger's
    refusals must not fill it.
    """
    party = f"account:{account.pk}" if account is not None else client.network or refusal.party
    if _count(refusal.limit.name, party, timezone.now().replace(second=0, microsecond=0)) == 1:
        events.limit_reached(refusal.limit, account, client)


def _count(limit: str, party: str, minute: datetime) -> int:
    adapt: Any = connection.ops.adapt_datetimefield_value
    values = {"limit": limit, "party": party, "minute": adapt(minute), "next": adapt(minute + timedelta(minutes=1))}
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, values)
        row = cursor.fetchone()
    return int(row[0])
