"""Test databases, copied from a template that is migrated once.

Migrating an empty database takes longer than most test files. The template is kept and rebuilt when a migration
changes. `migrate` still runs on every copy, because permissions and roles come from the code, not from migrations.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

from kumfa.settings import BASE_DIR

_FOLDER = BASE_DIR / ".pytest_cache" / "databases"
_LOCK = 0x6B756D6661  # advisory lock of a run that copies the template


@contextmanager
def prepared(name: str) -> Iterator[None]:
    """Fill the test database from the template, so that Django has few migrations left to run."""
    if connection.vendor == "postgresql":
        _copy_in_postgresql(name)
        yield
    else:
        # SQLite deletes an in-memory database when its last connection closes.
        with closing(sqlite3.connect(f"file:memorydb_{connection.alias}?mode=memory&cache=shared", uri=True)) as memory:
            with closing(sqlite3.connect(sqlite_template())) as template:
                template.backup(memory)
            yield


def sqlite_template() -> Path:
    """Return the path of a migrated SQLite database that tests may copy. The portal's own settings create it."""
    template = _FOLDER / f"{_digest()}.sqlite3"
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with (_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            for old in _FOLDER.glob("*.sqlite3"):
                old.unlink()
            with TemporaryDirectory(dir=_FOLDER) as folder:
                os.replace(_migrated(Path(folder)), template)
    return template


def copy_sqlite_template(path: Path) -> None:
    """Copy a migrated database to `path`, for a portal that is about to start."""
    shutil.copyfile(sqlite_template(), path)


def _migrated(folder: Path) -> Path:
    path = folder / "migrated.sqlite3"
    variables = {"ENV_FILE": os.devnull, "DEBUG": "1", "VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{path}"}
    environment = {**os.environ, **variables, "DJANGO_SETTINGS_MODULE": "kumfa.settings"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=BASE_DIR, env=environment, check=True, stdin=subprocess.DEVNULL)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def _copy_in_postgresql(name: str) -> None:
    template = f"test_{connection.settings_dict['NAME']}_template"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        _ensure_postgresql_template(cursor, template)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _ensure_postgresql_template(cursor: CursorWrapper, template: str) -> None:
    """Create the template unless a current one exists. Its database comment stores the digest of the migrations."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    cursor.execute(query, [template])
    if cursor.fetchone() == (_digest(),):
        return
    cursor.execute(f'DROP DATABASE IF EXISTS "{template}"')
    cursor.execute(f'CREATE DATABASE "{template}"')
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = template
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    connection.settings_dict["NAME"] = usual
    cursor.execute(f"COMMENT ON DATABASE \"{template}\" IS '{_digest()}'")


def _digest() -> str:
    """Return a digest of the names and contents of all migrations."""
    found = sha256()
    migrations_by_key = MigrationLoader(None).disk_migrations
    for key in sorted(migrations_by_key):
        source = sys.modules[migrations_by_key[key].__module__].__file__
        assert source
        found.update(repr(key).encode())
        found.update(Path(source).read_bytes())
    return found.hexdigest()[:16]
