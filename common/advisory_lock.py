"""Advisory locks of PostgreSQL: one process at a time, among any number. A transaction holds its locks until it ends.

SQLite needs none: each of its transactions begins with the one write lock.
"""

from django.db import connection


def try_lock(number: int) -> bool:
    """Take the lock of this number for the open transaction. Return False at once if another transaction holds it."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    return bool(row and row[0])


def wait_for_lock(number: int) -> None:
    """Take the lock of this number for the open transaction; wait while another transaction holds it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
