"""A pool whose connections have all died, as after a restart of PostgreSQL, fails no request and delays none."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection

from common.postgresql.base import DatabaseWrapper
from kumfa.settings import connections

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections that die"),
]
THREADS = 12


class Pooled:
    """Several threads that each use a connection of one pool at the same time."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.errors: list[Exception] = []

    def ask(self, number: int) -> float:
        """Let `number` threads hold a connection until all have one. Return the seconds that it took."""
        together = threading.Barrier(number)
        threads = [threading.Thread(target=self._ask, args=[together]) for _ in range(number)]
        begin = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - begin

    def _ask(self, together: threading.Barrier) -> None:
        wrapper = DatabaseWrapper(self.settings, "pooled")
        try:
            with wrapper.cursor() as cursor:
                together.wait(60)
                cursor.execute("SELECT 1")
        except Exception as error:
            self.errors.append(error)
            together.abort()
        finally:
            wrapper.close()


@pytest.fixture
def pooled() -> Iterator[Pooled]:
    settings = dict(connection.settings_dict)
    pool = {"min_size": 1, "max_size": THREADS, "timeout": 5}
    settings["OPTIONS"] = {"application_name": "pooled", "pool": pool}
    yield Pooled(settings)
    DatabaseWrapper(settings, "pooled").close_pool()


def test_no_request_fails_after_the_database_closed_every_connection(pooled: Pooled) -> None:
    pooled.ask(THREADS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'pooled'"
            " AND datname = current_database()"
        )
        assert cursor.fetchone()[0] == THREADS
    seconds = pooled.ask(1)
    assert pooled.errors == []
    assert seconds < 4  # psycopg_pool's own checks would wait for 1 + 2 + 4 seconds, and then fail


def test_a_database_without_the_named_certificate_is_not_used() -> None:
    given = connection.settings_dict
    settings = {**given, "OPTIONS": {"sslmode": "verify-full", "sslrootcert": "/nowhere/ca.pem"}}
    wrapper = DatabaseWrapper(settings, "verified")
    with pytest.raises(OperationalError, match=r"SSL|ca\.pem"):
        wrapper.ensure_connection()


def test_the_settings_use_this_pool() -> None:
    assert connections.database("postgres://a/b", 1)["ENGINE"] == "common.postgresql"
