"""Outboxes: rows that say what a worker still has to do. The row is written in the transaction of what causes it.

A task with the row's id is published once that transaction has committed. The worker claims the row by one conditional
UPDATE, and talks to the network only then. A sweep finds the rows whose task or worker was lost. Each outbox has its
own states; these functions are what they share.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from celery import Task
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


def claim(row: QuerySet[Any], **changes: Any) -> bool:
    """Take a row, if it is still in the state that the query asks for. Of several workers exactly one gets True.

    A worker that uses the network afterwards calls this outside a transaction, so that its claim is committed first.
    """
    return bool(row.update(**changes))


def after_pause(now: datetime, since: str, pauses: Iterable[timedelta], *, tries: str = "tries") -> Q:
    """Return the condition of rows whose pause is over. The n-th pause follows the n-th try.

    `since` names the field with the time of the last try, `tries` the one with their number. A row that had more tries
    than there are pauses does not match.
    """
    due = Q(pk__in=())
    for number, pause in enumerate(pauses, start=1):
        due |= Q(**{tries: number, f"{since}__lte": now - pause})
    return due


def lock_free(rows: QuerySet[Row], limit: int | None = None) -> list[Row]:
    """Lock and return rows, in the transaction that is open. Pass over a row that another transaction has locked."""
    return list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])


def publish_again(rows: QuerySet[Any], task: "Task[..., Any]", limit: int) -> int:
    """Publish the task of each row, in the order of the query and for `limit` rows at most. Return how many."""
    ids = list(rows.values_list("pk", flat=True)[:limit])
    for row_id in ids:
        task.delay(row_id)
    return len(ids)
