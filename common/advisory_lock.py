"""Advisory locks of PostgreSQL: only one process at a time does the work. The end of the transaction releases the lock.

SQLite needs no such lock: each of its transactions begins with the database's single write lock.
"""

from django.db import connection


def try_lock(number: int) -> bool:
    """Take the lock for the open transaction. Return False at once if another transaction has it."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    return bool(row and row[0])


def wait_for_lock(number: int) -> None:
    """Take the lock for the open transaction. Wait while another transaction has it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
