"""Changes to many rows, a batch at a time. Each batch is a statement and a transaction of its own.

No lock is held for long, and no statement grows with the table.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet

Rows = TypeVar("Rows", bound=QuerySet[Any])

BATCH = 5000


def change_in_batches(rows: Rows, change: Callable[[Rows], object]) -> int:
    """Call `change` with the rows, `BATCH` at a time, until the query finds none. Return how many rows that were.

    The change must take a row out of the query. Order the query by an indexed column, so that no batch reads the rows
    that are done already.
    """
    total = 0
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        change(rows.model._default_manager.filter(pk__in=ids))
        total += len(ids)
    return total


def delete_in_batches(rows: QuerySet[Any]) -> int:
    """Delete the rows, `BATCH` at a time. Return how many rows the query found, without those that went with them."""
    return change_in_batches(rows, _delete)


def _delete(rows: QuerySet[Any]) -> int:
    return rows.delete()[0]
