"""Measure the time and the peak memory of an import of 40,000 accounts.

    python benchmarks/import_accounts.py [ROWS]

Runs `manage.py import_accounts` in a separate process, on a fresh database: a SQLite file and, if it answers,
PostgreSQL on this machine (BENCHMARK_DATABASE_URL). Fails if a run is over its limit.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("BENCHMARK_DATABASE_URL", "postgres://postgres@127.0.0.1:5432").rstrip("/")
MEGABYTES_MAX = 300


@dataclass(frozen=True)
class Run:
    """One import: its title, the surname in its file, which rows it leaves out, and the limit in seconds."""

    what: str
    surname: str
    left_out: int
    seconds_max: float
    options: tuple[str, ...] = ()


RUNS = [
    Run("first run, all created", "Sørensen", 0, 60),
    Run("second run, nothing to do", "Sørensen", 0, 20),
    Run("every row changed", "Ærø", 0, 60),
    Run("5 % deactivated", "Ærø", 20, 20, ("--deactivate-missing",)),
    Run("5 % reactivated", "Ærø", 0, 20),
]


def write_file(path: Path, rows: int, run: Run) -> None:
    """Write a file of `rows` rows. Leave out every `left_out`th row, if that is not 0."""
    with path.open("w", encoding="utf-8") as file:
        file.write("username,first_name,last_name,email,student,employee,language\n")
        for number in range(rows):
            if run.left_out and number % run.left_out == 0:
                continue
            letters = "".join(chr(97 + number // 26**place % 26) for place in range(4))
            name = f"Søren {letters.title()}"
            mail = f"{letters}{number}@alumni.ku.dk"
            file.write(f"{letters}{number % 1000:03},{name},{run.surname},{mail},1,{number % 5 == 0:d},da\n")


def manage(database_url: str, var: Path, *arguments: str) -> tuple[float, float]:
    """Run a management command. Return its seconds and its peak memory in megabytes."""
    env = {**os.environ, "ENV_FILE": os.devnull, "DEBUG": "1", "DATABASE_URL": database_url, "VAR_DIR": str(var)}
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"manage.py {' '.join(arguments)} failed")
    return time.perf_counter() - begin, usage.ru_maxrss / 1024


def measure(title: str, database_url: str, rows: int, var: Path) -> bool:
    """Print the cost of each run. Return whether all runs are within their limits."""
    manage(database_url, var, "migrate", "--verbosity", "0")
    within = True
    for run in RUNS:
        file = var / "accounts.csv"
        write_file(file, rows, run)
        seconds, megabytes = manage(database_url, var, "import_accounts", str(file), *run.options)
        over = seconds > run.seconds_max or megabytes > MEGABYTES_MAX
        within = within and not over
        verdict = f"{'OVER' if over else 'within'} {run.seconds_max:.0f} s, {MEGABYTES_MAX} MB"
        print(f"{title:<11} {rows} rows  {run.what:<26} {seconds:6.1f} s  {megabytes:5.0f} MB  {verdict}")
    return within


@contextmanager
def temporary_database() -> Iterator[str | None]:
    """Yield the URL of a new PostgreSQL database, or None if no server answers. Drop the database afterwards."""
    name = f"import_benchmark_{os.getpid()}"
    try:
        server = psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    with server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{SERVER}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main() -> int:
    """Measure both databases. Return 0 if every run is within its limits."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    with tempfile.TemporaryDirectory(prefix="import-benchmark-") as directory:
        var = Path(directory)
        within = measure("SQLite", f"sqlite:///{var}/benchmark.sqlite3", rows, var)
        with temporary_database() as database_url:
            if database_url is None:
                print(f"PostgreSQL  not reachable at {SERVER}")
            else:
                within = measure("PostgreSQL", database_url, rows, var) and within
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
