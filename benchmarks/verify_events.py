"""Measure the verification of the audit log, beside reading the same rows and hashing them with hashlib.

    python benchmarks/verify_events.py [ROWS]

Each step runs in its own process. The databases are new: a SQLite file and, if it answers, PostgreSQL on this machine
(BENCHMARK_DATABASE_URL). Fails if the verification is over its limits.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import psycopg

# Modules of Django and of the portal are imported inside functions: they can be imported only once settings are loaded.
ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("BENCHMARK_DATABASE_URL", "postgres://postgres@127.0.0.1:5432").rstrip("/")
SECONDS_MAX = 20
MEGABYTES_MAX = 150
BATCH = 5000


def fill(rows: int) -> None:
    """Write `rows` events of 100 accounts, spread over a month."""
    from django.utils import timezone

    from accounts.models import Account
    from audit.models import SecurityEvent

    accounts = Account.objects.bulk_create(Account(username=f"abc{number:03}") for number in range(100))
    begin = timezone.now() - timedelta(days=30)
    for start in range(0, rows, BATCH):
        SecurityEvent.objects.bulk_create(
            SecurityEvent(
                at=begin + timedelta(days=30) * number / rows,
                kind="signed_in",
                account=accounts[number % 100],
                method="mfa_sms",
                device_id=number % 100,
                address=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
                network=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
                browser="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                reference="K7F3-92",
            )
            for number in range(start, min(start + BATCH, rows))
        )


def seal(rows: int) -> None:
    """Seal all events."""
    from audit import sealing

    assert sealing.seal() == rows


def read(rows: int) -> None:
    """Read all columns in batches, and hash the `repr` of each row."""
    from audit.models import SecurityEvent

    found = 0
    events = SecurityEvent.objects.order_by("pk").values_list()
    batch = list(events[:BATCH])
    while batch:
        for row in batch:
            sha256(repr(row).encode()).digest()
        found += len(batch)
        batch = list(events.filter(pk__gt=batch[-1][0])[:BATCH])
    assert found == rows


def verify(rows: int) -> None:
    """Verify the hash chain and the rows."""
    from audit import sealing

    counts = sealing.Counts()
    assert list(sealing.verify(counts=counts)) == []
    assert counts.rows == rows


STEPS: dict[str, Callable[[int], None]] = {"fill": fill, "seal": seal, "read": read, "verify": verify}


def inside(step: str, rows: int) -> None:
    """Do one step in this process and print its seconds."""
    import django

    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "kumfa.settings"
    django.setup()
    begin = time.perf_counter()
    STEPS[step](rows)
    print(time.perf_counter() - begin)


def run(database_url: str, var: Path, *arguments: str) -> tuple[str, float]:
    """Run Python. Return its output and its peak memory in megabytes."""
    env = {
        **os.environ,
        "ENV_FILE": os.devnull,
        "DEBUG": "1",
        "DATABASE_URL": database_url,
        "VAR_DIR": str(var),
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(arguments)} failed")
    return output, usage.ru_maxrss / 1024


def measure(title: str, database_url: str, rows: int, var: Path) -> bool:
    """Print the cost of each step. Return whether the verification is within its limits."""
    run(database_url, var, "manage.py", "migrate", "--verbosity", "0")
    seconds, megabytes = {}, {}
    for step in STEPS:
        output, megabytes[step] = run(database_url, var, __file__, step, str(rows))
        seconds[step] = float(output)
    for step in STEPS:
        ratio = seconds[step] / seconds["read"]
        print(f"| {title} | {step} | {seconds[step]:.1f} | {ratio:.2f} | {megabytes[step]:.0f} |")
    return seconds["verify"] <= SECONDS_MAX and megabytes["verify"] <= MEGABYTES_MAX


@contextmanager
def temporary_database() -> Iterator[str | None]:
    """Yield the URL of a new PostgreSQL database, or None if no server answers. Drop the database afterwards."""
    name = f"verify_benchmark_{os.getpid()}"
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
    """Measure both databases. Return 0 if the verification is within its limits."""
    if len(sys.argv) > 2:
        inside(sys.argv[1], int(sys.argv[2]))
        return 0
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    print(f"| {rows} rows | step | s | ratio to reading | peak MB |")
    with tempfile.TemporaryDirectory(prefix="verify-benchmark-") as directory:
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
