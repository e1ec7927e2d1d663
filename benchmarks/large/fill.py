"""Fill a new PostgreSQL database with 50,000 accounts and a year of their activity.

    python -m benchmarks.large.fill --database NAME [--scale 0.01]

Makes the database, runs the migrations, and does not drop the database. `--scale` is the share of the rows.
BENCHMARK_DATABASE_URL is the server, without the name of a database. Its user must be a superuser, because foreign keys
are not checked while rows are written.
"""

import argparse
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.large.rows import BROWSERS, FIRST_NAMES, LAST_NAMES, PREFIXES, TABLES

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("BENCHMARK_DATABASE_URL", "postgres://postgres@127.0.0.1:5432").rstrip("/")
SEED = 0.42


def environment(database: str, var: str) -> dict[str, str]:
    """Return the environment in which the portal runs on that database, as in production. Nothing is sent."""
    kept = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "PATH", "TMPDIR")}
    return {
        **kept,
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "kumfa.settings",
        "DEBUG": "0",
        "SECRET_KEY": "benchmark-" * 6,
        "SMS_CODE_KEYS": "benchmark-" * 4,
        "EVENT_SEAL_KEYS": "benchmark-" * 4,
        "SSO_KEY_SECRETS": "benchmark-" * 4,
        "TOTP_KEY_SECRETS": "benchmark-" * 4,
        "ALLOWED_HOSTS": "testserver",
        "LOG_LEVEL": "ERROR",
        "SMS_GATEWAYS": "gatewayapi://sample@messaging.gatewayapi.eu?secret=sample",
        "CACHE_URL": "locmemcache://",
        "VAR_DIR": var,
        "DATABASE_URL": f"{SERVER}/{database}",
    }


def create(database: str) -> None:
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        server.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))


def drop(database: str) -> None:
    """Drop the database, even if somebody is connected to it."""
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        server.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(database)))


def fill(database: str, scale: float, var: str) -> None:
    """Migrate the database and write its rows. Print the time for each table."""
    command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment(database, var), check=True)
    said = values(scale)
    with psycopg.connect(f"{SERVER}/{database}", autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        # All rows are made to fit each other. Checking millions of them would take most of the time.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SELECT setseed(%s)", [SEED])
        for title, rows, statement in TABLES:
            begin = time.perf_counter()
            written = connection.execute(statement, {**said, "rows": scaled(rows, scale)}).rowcount
            print(f"{written:>9,} {title}, {time.perf_counter() - begin:.1f} s", file=sys.stderr)
        connection.execute(
            "SELECT setval(pg_get_serial_sequence('accounts_account', 'id'), max(id)) FROM accounts_account"
        )
        connection.execute("VACUUM ANALYZE")
        _count_figures(database, var)
        connection.execute("VACUUM ANALYZE overview_hourlyfigure, overview_dailyfigure")


def _count_figures(database: str, var: str) -> None:
    """Count the figures of each hour of the year, as the overview's own task does."""
    begin = time.perf_counter()
    since = (datetime.now(UTC) - timedelta(days=364)).date().isoformat()
    command = [sys.executable, "manage.py", "count_figures", "--skip-checks", "--since", since]
    subprocess.run(command, cwd=ROOT, env=environment(database, var), check=True, stdout=subprocess.DEVNULL)
    print(f"          the year counted by hour, {time.perf_counter() - begin:.1f} s", file=sys.stderr)


def values(scale: float) -> dict[str, Any]:
    """Return the parameters of the statements, except for the number of their own rows."""
    return {
        "accounts": scaled(50_000, scale),
        "students": scaled(40_000, scale),
        "phones": scaled(45_000, scale),
        "first_names": FIRST_NAMES,
        "last_names": LAST_NAMES,
        "browsers": list(BROWSERS),
        "prefixes": list(PREFIXES),
    }


def scaled(rows: int, scale: float) -> int:
    """Return that share of the rows, and at least 100."""
    return max(100, round(rows * scale))


def main() -> None:
    """Make the database and fill it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True, help="the name of the new database")
    parser.add_argument("--scale", type=float, default=1.0, help="how much of 50,000 accounts, default 1")
    parser.add_argument("--var", default="/tmp/kumfa-benchmark", help="a folder for what the portal writes")  # noqa: S108
    said = parser.parse_args()
    create(said.database)
    fill(said.database, said.scale, said.var)


if __name__ == "__main__":
    main()
