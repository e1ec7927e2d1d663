"""One at a time, among any number of processes."""

from django.db import connection


def alone(lock: int) -> bool:
    """Whether this transaction is the one that holds the lock of this number, until it ends; nobody waits.

    On SQLite each transaction holds the one write lock, so it always is.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        row = cursor.fetchone()
    return bool(row and row[0])


def wait(lock: int) -> None:
    """Wait until this transaction holds the lock of this number; it does until it ends.

    SQLite does that by itself: its transactions begin with the write lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
