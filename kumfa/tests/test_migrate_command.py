"""Two `migrate` at once: the second waits for the first."""

import threading
import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections

from kumfa.management.commands import migrate


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway")
@pytest.mark.django_db(transaction=True)
def test_a_second_migrate_waits_for_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    waits, done = threading.Event(), threading.Event()

    def note(_seconds: float) -> None:
        waits.set()
        done.wait(0.01)

    monkeypatch.setattr(time, "sleep", note)

    def second() -> None:
        try:
            call_command("migrate", "contenttypes", verbosity=0, stdout=StringIO(), stderr=StringIO())
        finally:
            done.set()
            connections.close_all()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [migrate._LOCK])
        thread = threading.Thread(target=second)
        thread.start()
        assert waits.wait(60)
        assert not done.is_set()
        cursor.execute("SELECT pg_advisory_unlock(%s)", [migrate._LOCK])
    thread.join(60)
    assert done.is_set()
