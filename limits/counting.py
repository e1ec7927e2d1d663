"""The one way to count limits. Each count is one SQL statement, exact for any number of processes.

The statement is an upsert. The database locks the counter's row, so that two processes never both take the last use.
"""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from limits import alarms, catalogue
from limits.limit import Limit, Refusal, Use
from limits.models import LimitCounter

_TABLE = LimitCounter._meta.db_table
_UNLIMITED = 2**31 - 1
# A window that is over begins again. `excluded` is the row that was to be inserted.
_UPSERT = f"""
INSERT INTO {_TABLE} ("limit", party, account_id, ends_at, count) VALUES {{rows}}
ON CONFLICT ("limit", party) DO UPDATE SET
    count = excluded.count + CASE WHEN {_TABLE}.ends_at <= %s THEN 0 ELSE {_TABLE}.count END,
    ends_at = CASE WHEN {_TABLE}.ends_at <= %s THEN excluded.ends_at ELSE {_TABLE}.ends_at END,
    account_id = excluded.account_id
WHERE {_TABLE}.ends_at <= %s OR {_TABLE}.count + excluded.count <= CASE excluded."limit" {{numbers}} END
RETURNING "limit", party, count
"""  # noqa: S608  # the table's name is ours


def digest(text: str) -> str:
    """Return the keyed digest of a number or name, as a party."""
    return salted_hmac("limits.counting.party", text, algorithm="sha256").hexdigest()[:32]


def take(limit: Limit, party: str, *, account_id: int | None = None, amount: int = 1) -> Refusal | None:
    """Count a use if the budget allows it, and return None. Otherwise count nothing, and return the refusal."""
    return take_all([Use(limit, party, account_id)], amount)


def take_all(uses: Iterable[Use], amount: int = 1) -> Refusal | None:
    """Count one use of each limit if all budgets allow it. Otherwise count none, and return the latest refusal.

    Call it last in a transaction: the counters stay locked until the transaction ends. Two transactions lock them in
    the same order, that of the catalogue, as long as each calls this function once. Without a transaction, it has one
    of its own: otherwise uses that are given back would lock the counters again, in another order.
    """
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        return _take_all(uses, amount)


def _take_all(uses: Iterable[Use], amount: int) -> Refusal | None:
    wanted = sorted(uses, key=lambda use: (catalogue.rank(use.limit), use.party))
    if hopeless := [use for use in wanted if not use.forced and amount > use.limit.number]:
        return _refusal(hopeless)
    counted = _upsert(wanted, amount)
    refused = [use for use in wanted if use.key not in counted]
    if not refused:
        alarms.notice_crossings([(use, counted[use.key]) for use in wanted if use.limit.alarms], amount)
        return None
    if counted:
        _counters(counted).update(count=F("count") - amount)
    return _refusal(refused)


def add(limit: Limit, party: str, *, account_id: int | None = None, amount: int = 1) -> int:
    """Count a use in any case, and return the count in the window."""
    use = Use(limit, party, account_id, forced=True)
    return _upsert([use], amount)[use.key]


def peek(*pairs: tuple[Limit, str]) -> Refusal | None:
    """Return the refusal that ends last among the pairs of a limit and a party, or None. Count nothing."""
    now = timezone.now()
    found = {(row.limit, row.party): row for row in _counters((limit.name, party) for limit, party in pairs)}
    refusals = []
    for limit, party in pairs:
        row = found.get((limit.name, party))
        if row is not None and row.ends_at > now and row.count >= limit.number:
            refusals.append(Refusal(limit, row.ends_at, party))
    return max(refusals, key=lambda refusal: refusal.until, default=None)


def give_back(limit: Limit, party: str, amount: int = 1) -> None:
    """Undo a use that was counted before its outcome was known. A window that is over does not change."""
    _counters([(limit.name, party)]).filter(ends_at__gt=timezone.now(), count__gte=amount).update(
        count=F("count") - amount
    )


def used(limit: Limit, party: str) -> int:
    """Return the count in the current window. Count nothing."""
    row = _counters([(limit.name, party)]).filter(ends_at__gt=timezone.now()).first()
    return int(row.count) if row is not None else 0


def lift(account_id: int) -> None:
    """Delete every counter of the account. IT Support does so when it unlocks the account."""
    LimitCounter.objects.filter(account_id=account_id).delete()


def _upsert(uses: Sequence[Use], amount: int) -> dict[tuple[str, str], int]:
    """Count the uses that their limits allow, in one statement. Return the new counts of those."""
    if not uses:
        return {}
    now = timezone.now()
    rows: list[Any] = []
    numbers: dict[str, int] = {}
    for use in uses:
        rows += [use.limit.name, use.party, use.account_id, _adapted(now + use.limit.window), amount]
        numbers[use.limit.name] = _UNLIMITED if use.forced else use.limit.number
    sql = _UPSERT.format(
        rows=", ".join(["(%s, %s, %s, %s, %s)"] * len(uses)), numbers=" ".join(["WHEN %s THEN %s"] * len(numbers))
    )
    over = [_adapted(now)] * 3
    with connection.cursor() as cursor:
        cursor.execute(sql, [*rows, *over, *(value for pair in numbers.items() for value in pair)])
        return {(name, party): count for name, party, count in cursor.fetchall()}


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _refusal(uses: Sequence[Use]) -> Refusal:
    ends = {(row.limit, row.party): row.ends_at for row in _counters(use.key for use in uses)}
    now = timezone.now()
    refusals = [Refusal(use.limit, ends.get(use.key, now + use.limit.window), use.party) for use in uses]
    return max(refusals, key=lambda refusal: refusal.until)


def _counters(keys: Iterable[tuple[str, str]]) -> Any:
    return LimitCounter.objects.filter(reduce(or_, (Q(limit=name, party=party) for name, party in keys)))
