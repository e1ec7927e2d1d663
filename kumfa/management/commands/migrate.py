"""`manage.py migrate`, one at a time: a second one waits, for example that of another host."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

_LOCK = 7_303_018
_PAUSE = 0.5  # seconds


class Command(migrate.Command):
    """Django's command under an advisory lock of PostgreSQL."""

    def handle(self, *args: Any, database: str, **options: Any) -> str | None:
        with self._alone(database):
            return super().handle(*args, database=database, **options)

    @contextmanager
    def _alone(self, database: str) -> Iterator[None]:
        """Hold the lock. Poll for it, because a statement that waits would block `CREATE INDEX CONCURRENTLY`."""
        connection = connections[database]
        if connection.vendor != "postgresql":
            yield
            return
        said = False
        while not self._ask(database, "SELECT pg_try_advisory_lock(%s)"):
            if not said:
                self.stderr.write("Another migrate runs on this database. This one goes on when that is done.")
                said = True
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            self._ask(database, "SELECT pg_advisory_unlock(%s)")

    def _ask(self, database: str, statement: str) -> bool:
        with connections[database].cursor() as cursor:
            cursor.execute(statement, [_LOCK])
            return bool(cursor.fetchone()[0])
