"""An empty SQLite database that is migrated once and then copied, because migrating takes ten seconds.

The migrations name it, so a copy is never older than the code.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

# Beside the installed libraries, so that `make run` in a new folder VAR_DIR finds it.
FOLDER = Path(sys.prefix) / "empty-databases"
KEPT = 5  # databases of other branches


def ensure() -> Path:
    """Return the database for the current migrations. Make it if it is missing, and delete the oldest of many."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{digest()}.sqlite3"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for old in sorted(FOLDER.glob("*.sqlite3"), key=os.path.getmtime)[:-KEPT]:
                old.unlink()
            with TemporaryDirectory(dir=FOLDER) as temporary:
                os.replace(_migrated(Path(temporary)), path)
    return path


def copy(target: Path) -> bool:
    """Copy the database for the current migrations to `target`. Return False if it does not exist."""
    try:
        shutil.copyfile(FOLDER / f"{digest()}.sqlite3", target)
    except OSError:
        return False
    return True


def digest() -> str:
    """Return a digest of the names and contents of all migrations."""
    found = sha256()
    migrations_by_key = MigrationLoader(None).disk_migrations
    for key in sorted(migrations_by_key):
        source = sys.modules[migrations_by_key[key].__module__].__file__ or ""
        found.update(repr(key).encode())
        found.update(Path(source).read_bytes())
    return found.hexdigest()[:16]


def _migrated(folder: Path) -> Path:
    path = folder / "migrated.sqlite3"
    variables = {"ENV_FILE": os.devnull, "DEBUG": "1", "VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{path}"}
    environment = {**os.environ, **variables, "DJANGO_SETTINGS_MODULE": "kumfa.settings"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True, stdin=subprocess.DEVNULL)  # noqa: S603
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path
