"""Test databases, copied from a template that is migrated once.

Migrating an empty database takes longer than most test files. The template is kept and rebuilt when a migration
changes. `migrate` still runs on every copy, because permissions and roles come from the code, not from migrations.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

from demo import empty_database

_LOCK = 0x6B756D6661  # advisory lock of a run that copies the template


class InUse(Exception):
    """Raised if another run uses the test database. Copying it again would break that run."""


@contextmanager
def reserved(name: str) -> Iterator[None]:
    """Keep other runs out of the test database until the end. Raise `InUse` if one is in it."""
    if connection.vendor != "postgresql":
        yield  # each process has a database of its own in memory
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if cursor.fetchone() != (True,):
            raise InUse(
                f"Another test run uses the database {name}. Wait for it, or name another in TEST_DATABASE_URL."
            )
        yield


@contextmanager
def prepared(name: str) -> Iterator[None]:
    """Fill the test database from the template, so that Django has few migrations left to run."""
    if connection.vendor == "postgresql":
        _copy_in_postgresql(name)
        yield
    else:
        # SQLite deletes an in-memory database when its last connection closes.
        with closing(sqlite3.connect(f"file:memorydb_{connection.alias}?mode=memory&cache=shared", uri=True)) as memory:
            with closing(sqlite3.connect(empty_database.ensure())) as template:
                template.backup(memory)
            yield


def copy_sqlite_template(path: Path) -> None:
    """Copy a migrated database to `path`, for a portal that is about to start."""
    shutil.copyfile(empty_database.ensure(), path)


def _copy_in_postgresql(name: str) -> None:
    template = f"test_{connection.settings_dict['NAME']}_template"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # another process may take a minute to make the template
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        _ensure_postgresql_template(cursor, template)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _ensure_postgresql_template(cursor: CursorWrapper, template: str) -> None:
    """Create the template unless a current one exists. Its database comment stores the digest of the migrations."""
    current = empty_database.digest()
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    cursor.execute(query, [template])
    if cursor.fetchone() == (current,):
        return
    cursor.execute(f'DROP DATABASE IF EXISTS "{template}"')
    cursor.execute(f'CREATE DATABASE "{template}"')
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = template
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    connection.settings_dict["NAME"] = usual
    cursor.execute(f"COMMENT ON DATABASE \"{template}\" IS '{current}'")
