"""Outboxes: rows that record work for a worker. Each row is written in the transaction that causes the work.

After that transaction commits, a task with the row's id is published. The worker claims the row with one conditional
UPDATE before it uses the network. A sweep finds the rows whose task or worker was lost. Each outbox has its own states
and shares these functions.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from celery import Task
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


def claim(row: QuerySet[Any], **changes: Any) -> bool:
    """Claim a row if it is still in the state that the query requires. If several workers try, exactly one gets True.

    A worker that uses the network afterwards must call this outside a transaction, so that the claim is committed
    first.
    """
    return bool(row.update(**changes))


def after_pause(now: datetime, since: str, pauses: Iterable[timedelta], *, tries: str = "tries") -> Q:
    """Return a condition for the rows whose pause is over. The n-th pause follows the n-th try.

    `since` names the field with the time of the last try, `tries` the field with the number of tries. A row with more
    tries than pauses does not match.
    """
    due = Q(pk__in=())
    for number, pause in enumerate(pauses, start=1):
        due |= Q(**{tries: number, f"{since}__lte": now - pause})
    return due


def lock_free(rows: QuerySet[Row], limit: int | None = None) -> list[Row]:
    """Lock and return rows in the open transaction. Skip the rows that another transaction has locked."""
    return list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])


def publish_again(rows: QuerySet[Any], task: "Task[..., Any]", limit: int) -> int:
    """Publish the task for up to `limit` rows, in the order of the query. Return how many."""
    ids = list(rows.values_list("pk", flat=True)[:limit])
    for row_id in ids:
        task.delay(row_id)
    return len(ids)
