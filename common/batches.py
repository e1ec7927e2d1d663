"""Change or delete many rows in batches. Each batch is one statement in its own transaction.

No lock is kept for long, and no statement grows with the table.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet

Rows = TypeVar("Rows", bound=QuerySet[Any])

BATCH = 5000


def change_in_batches(rows: Rows, change: Callable[[Rows], object]) -> int:
    """Call `change` with up to `BATCH` rows at a time until the query is empty. Return the number of rows.

    The change must remove each row from the query. Order the query by an indexed column: then no batch rereads the rows
    that are already changed.
    """
    total = 0
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        change(rows.model._default_manager.filter(pk__in=ids))
        total += len(ids)
    return total


def delete_in_batches(rows: QuerySet[Any]) -> int:
    """Delete the rows in batches of `BATCH`. Return how many rows the query matched, without cascaded rows."""
    return change_in_batches(rows, _delete)


def _delete(rows: QuerySet[Any]) -> int:
    return rows.delete()[0]
