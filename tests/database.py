"""Migrate the test database on SQLite once, and copy it in later runs and other workers.

The copy is made by the migrations themselves, so triggers and indexes are those of a real database. It is made again
if a migration changes, or a module of the project that a migration imports, or a library. Django still compares the
copy with the migrations, and still runs what follows each migration (permissions, roles).
"""

import hashlib
import importlib.util
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

KEEP = 3  # copies: one for each branch that somebody works on


@pytest.fixture(scope="session")
def database_template(pytestconfig: pytest.Config) -> Path | None:
    """Where the copy is, or would be. None where there is no use for it."""
    if connection.vendor != "sqlite" or pytestconfig.getoption("nomigrations") or pytestconfig.cache is None:
        return None
    return pytestconfig.cache.mkdir("database") / f"{_fingerprint()}.sqlite3"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, database_template: Path | None
) -> Iterator[None]:
    """Fill the database in memory from the copy before Django opens it."""
    if database_template is None or not database_template.exists():
        yield
        return
    name = connection.creation._get_test_db_name()
    memory, copy = sqlite3.connect(name, uri=True), sqlite3.connect(database_template)
    copy.backup(memory)
    copy.close()
    yield
    memory.close()  # only now: the database ends with its last connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, database_template: Path | None, django_db_blocker: DjangoDbBlocker) -> None:
    """Save the copy after the first run of the migrations."""
    if database_template is None or database_template.exists():
        return
    with django_db_blocker.unblock(), TemporaryDirectory(dir=database_template.parent) as folder:
        new = Path(folder) / "new"
        copy = sqlite3.connect(new)
        connection.ensure_connection()
        connection.connection.backup(copy)
        copy.close()
        new.replace(database_template)
    for old in sorted(database_template.parent.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-KEEP]:
        old.unlink(missing_ok=True)


def _fingerprint() -> str:
    """Return a digest of everything that decides what the migrations make."""
    digest = hashlib.sha256(f"{sqlite3.sqlite_version} {settings.INSTALLED_APPS}".encode())
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            text = path.read_text()
            digest.update(f"\n{app.label}/{path.name}\n{text}".encode())
            for module in re.findall(r"^\s*(?:from|import) ([\w.]+)", text, re.MULTILINE):
                digest.update(_own_source(module))
    return digest.hexdigest()[:16]


def _own_source(module: str) -> bytes:
    spec = importlib.util.find_spec(module)
    own = spec and spec.origin and Path(settings.BASE_DIR, module.partition(".")[0]).is_dir()
    return Path(spec.origin).read_bytes() if own else b""
