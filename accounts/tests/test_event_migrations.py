"""Rows from before the seals get their digests, and tables in use get their indexes and triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.migrations.state import ProjectState
from django.db.models import Index, Q
from django.test.utils import CaptureQueriesContext

from accounts import sealing
from accounts.models import SecurityEvent
from accounts.operations import AddIndexOnline
from accounts.tests.seals import EVENTS, findings, tamper, write

digests: Any = import_module("accounts.migrations.0003_origin_digests")
triggers: Any = import_module("accounts.migrations.0004_append_only")


def index_names() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, EVENTS))


@contextmanager
def without_triggers() -> Iterator[None]:
    """Undo the migration that makes them, and do it again."""
    with connection.schema_editor() as editor:
        triggers.backwards(apps, editor)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            triggers.forwards(apps, editor)


@pytest.mark.django_db(transaction=True)
def test_rows_from_before_get_their_digests_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "BATCH", 3)
    ids = write(6) + write(1, address="2001:db8::1", network="2001:db8::", browser="")
    done = write()[0]
    tamper("UPDATE {events} SET origin_salt = '', origin_digest = '' WHERE id < %s", done)
    before = SecurityEvent.objects.values_list().get(pk=done)
    with without_triggers(), connection.schema_editor() as editor:
        digests.digest_origins(apps, editor)
    assert SecurityEvent.objects.values_list().get(pk=done) == before
    assert SecurityEvent.objects.values("origin_salt").distinct().count() == len(ids) + 1
    sealing.seal()
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_an_index_is_built_online_again_after_an_interruption_and_dropped() -> None:
    operation = AddIndexOnline("securityevent", Index(fields=["at"], condition=Q(kind="x"), name="event_test"))
    state = ProjectState.from_apps(apps)
    after = state.clone()
    operation.state_forwards("accounts", after)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(2):
            with connection.schema_editor(atomic=False) as editor:
                operation.database_forwards("accounts", editor, state, after)
            assert "event_test" in index_names()
        with connection.schema_editor(atomic=False) as editor:
            operation.database_backwards("accounts", editor, after, state)
    assert "event_test" not in index_names()
    statements = [query["sql"] for query in queries if query["sql"].startswith(("CREATE INDEX", "DROP INDEX"))]
    assert len(statements) >= 5
    assert {" CONCURRENTLY " in statement for statement in statements} == {connection.vendor == "postgresql"}


@pytest.mark.django_db
def test_the_table_has_the_indexes_of_retention_and_of_accepted_passwords() -> None:
    assert {"event_accepted_at", "event_with_origin"} <= index_names()


@pytest.mark.django_db(transaction=True)
def test_the_triggers_go_and_come_back() -> None:
    write(2)
    with without_triggers():
        assert change() == 2
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="only added to"):
            change()


def change() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {EVENTS} SET reason = 'x'")  # noqa: S608
        return int(cursor.rowcount)
