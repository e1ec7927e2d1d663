"""Run every check and test of the project. `make test` calls this.

All steps run, even after one fails. The summary names the services in use, the reasons for skipped tests, and the
failed steps. The very last line is `N passed, M failed, K skipped`, summed over the test runs. The exit code is 0 if no
step failed. With STRICT=1, a missing service or a skipped test is also a failure.

TEST_DATABASE_URL, TEST_REDIS_URL, TEST_AMQP_URL and CHROMIUM give the addresses of the services. If one of them is
unset, the usual local addresses are tried.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import kombu
import psycopg
import redis

from tests.browser.chromium import NAMES as CHROMIUM_NAMES
from tests.checks import PYTHON, ROOT, bare_environment, run_checks

COVERAGE = 95  # minimum percentage of covered lines and branches, in the apps that setup.cfg names
PATIENCE = 3  # seconds to wait for the answer of a service

# If PostgreSQL is available, the run on SQLite is short: the portals of the browser tests use SQLite anyway. It has
# what SQLite could do otherwise: messages are claimed, sent and settled in it without row locks. Tests that do not use
# the test database run once, in the complete run.
CLAIMS = ("delivery", "dispatch", "failover", "limits", "receipts", "retries", "sweep", "sweeper", "waits")
SHORT = (
    *(f"mfa_sms/tests/test_{name}.py" for name in CLAIMS),
    *("demo", "tests", "--database-only", "-m", "not postgresql and not browser and not broker"),
)
ELSEWHERE = ("tests/attacks", "tests/entra", "tests/oidc", "tests/urls", "tests/test_get_changes_nothing.py")
# The demo runs on SQLite, so its history is written there alone.
ONLY_SHORT = ("demo/tests/test_history.py", "demo/tests/test_history_filling.py")


@dataclass(frozen=True)
class Service:
    """A program that tests need besides Python. It has an address, or a reason why it cannot be used."""

    name: str
    variable: str
    address: str = ""
    why_not: str = ""

    def __str__(self) -> str:
        """Return the name with the address, without a password."""
        return f"{self.name} ({_without_password(self.address)})" if self.address else f"{self.name} ({self.why_not})"


@dataclass
class Counts:
    """The numbers of passed, failed and skipped tests. `skipped` counts tests by reason."""

    passed: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Counts") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        """Return the last line of the output."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped.total()} skipped"


# --- services -------------------------------------------------------------------------------------------------------


def find_services() -> list[Service]:
    """Return all services, each with its address or the reason why it cannot be used."""
    return [
        _first_that_answers(
            Service("PostgreSQL", "TEST_DATABASE_URL"),
            [
                "postgres://postgres@127.0.0.1:5432/postgres",
                "postgres://postgres:postgres@127.0.0.1:5432/postgres",
                "postgres:////var/run/postgresql/postgres",
            ],
            ask_postgresql,
        ),
        # A portal on this machine may use database 0.
        _first_that_answers(Service("Redis", "TEST_REDIS_URL"), ["redis://127.0.0.1:6379/15"], ask_redis),
        _first_that_answers(Service("RabbitMQ", "TEST_AMQP_URL"), ["amqp://guest:guest@127.0.0.1:5672//"], ask_amqp),
        _first_that_answers(
            Service("Chromium", "CHROMIUM"),
            [path for name in CHROMIUM_NAMES if (path := shutil.which(name))],
            ask_browser,
        ),
        find_gettext(),
        find_kannel(),
        find_apache(),
    ]


def ask_postgresql(url: str) -> None:
    """Connect. Raise `LookupError` if the role may not create a test database."""
    if not urlsplit(url).netloc:
        # django-environ expects the folder of a socket as the path: postgres:////var/run/postgresql/name
        folder, _, name = urlsplit(url).path.rpartition("/")
        url = f"postgresql:///{name}?host=/{folder.lstrip('/')}"
    with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
        row = connection.execute("SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
    if not row or not row[0]:
        raise LookupError("the role may not create databases")


def ask_redis(url: str) -> None:
    with redis.Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as client:
        client.ping()


def ask_amqp(url: str) -> None:
    """Log in over AMQP. An open port is not enough: the broker may still be starting."""
    with kombu.Connection(url, connect_timeout=PATIENCE) as connection:
        connection.connect()


def ask_browser(path: str) -> None:
    """Start the browser. A wrapper may exist although its browser is not installed."""
    subprocess.run([path, "--version"], check=True, capture_output=True, timeout=20)


def find_gettext() -> Service:
    """Return GNU gettext. Some tests call its programs by name."""
    lacking = [name for name in ("msgfmt", "xgettext", "msgmerge") if not shutil.which(name)]
    if lacking:
        return Service("gettext", "", why_not=f"no {', '.join(lacking)}")
    return Service("gettext", "", address=shutil.which("msgfmt") or "")


def find_kannel() -> Service:
    """Return Kannel with its simulated operator. The tests start it themselves."""
    found = shutil.which("bearerbox", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    return Service("Kannel", "", address=found or "", why_not="" if found else "no bearerbox")


def find_apache() -> Service:
    """Return Apache with mod_auth_openidc. The tests start it themselves."""
    found = shutil.which("apache2", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    lacking = "no apache2" if not found else "no mod_auth_openidc"
    complete = found and Path("/usr/lib/apache2/modules/mod_auth_openidc.so").exists()
    return Service("Apache", "", address=found or "") if complete else Service("Apache", "", why_not=lacking)


def _first_that_answers(service: Service, usual: Sequence[str], ask: Callable[[str], None]) -> Service:
    given = os.environ.get(service.variable)
    why_not = "not installed"
    for address in [given] if given else usual:
        try:
            ask(address)
        except Exception as error:
            # Catch any error: each client has exceptions of its own.
            why_not = (
                why_not if why_not != "not installed" else f"{type(error).__name__} at {_without_password(address)}"
            )
        else:
            return Service(service.name, service.variable, address=address)
    return Service(service.name, service.variable, why_not=why_not)


def _without_password(address: str) -> str:
    password = urlsplit(address).password
    return address.replace(f":{password}@", ":…@", 1) if password else address


# --- steps ----------------------------------------------------------------------------------------------------------


def run_step(name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Run Python with these arguments under a heading. Return whether it succeeded."""
    print(f"\n=== {name}", flush=True)
    begin = time.monotonic()
    done = subprocess.run([PYTHON, *arguments], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)
    outcome = "ok" if done.returncode == 0 else f"FAILED with {done.returncode}"
    print(f"--- {name}: {outcome}, {time.monotonic() - begin:.0f} s", flush=True)
    return done.returncode == 0


def run_tests(services: Iterable[Service], var: Path) -> tuple[list[str], Counts]:
    """Run the tests on SQLite, and on PostgreSQL if it is available.

    Return the names of the failed runs, and the counts.
    """
    found = {service.variable: service.address for service in services if service.address and service.variable}
    database = found.pop("TEST_DATABASE_URL", "")
    environment = {**bare_environment(), **found, "COVERAGE_FILE": str(var / "coverage")}
    coverage = ["--cov", "--cov-report=term-missing:skip-covered", f"--cov-fail-under={COVERAGE}"]
    # Coverage adds a third to the running time, so it is measured only if there is a single run.
    runs: list[tuple[str, Sequence[str], Mapping[str, str]]] = [("tests on SQLite", coverage, environment)]
    if database:
        short = [*SHORT, *(f"--ignore={path}" for path in ELSEWHERE)]
        on_postgresql = {**environment, "TEST_DATABASE_URL": database}
        complete = [f"--ignore={path}" for path in ONLY_SHORT]
        runs = [("tests on SQLite", short, environment), ("tests on PostgreSQL", complete, on_postgresql)]
    failed, counts = [], Counts()
    for name, options, variables in runs:
        report = var / f"{name}.xml"
        # Keep the order from `tests/fixtures.py`: the longest files come first, so that the workers end together.
        # The run ends when a worker dies. With another worker in its place, xdist waits without end for the last tests.
        workers = ("-n", str(cores()), "--dist", "loadfile", "--no-loadscope-reorder", "--max-worker-restart=0")
        pytest = ("-m", "pytest", "-q", *workers, f"--junit-xml={report}", *options)
        if not run_step(name, pytest, variables):
            failed.append(name)
        counts.add(read_report(report))
    return failed, counts


def cores() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_report(path: Path) -> Counts:
    """Count the tests in a JUnit report. A run without a report counts as one failed test."""
    if not path.exists():
        return Counts(failed=1)
    counts = Counts()
    for case in ElementTree.parse(path).iter("testcase"):  # noqa: S314 - pytest wrote it
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            counts.failed += 1
        elif skipped is not None:
            counts.skipped[skipped.get("message", "") or "no reason given"] += 1
        else:
            counts.passed += 1
    return counts


# --- the end --------------------------------------------------------------------------------------------------------


def strict_failures(services: Iterable[Service], counts: Counts) -> list[str]:
    """Return the failures that only STRICT=1 reports."""
    if os.environ.get("STRICT") != "1":
        return []
    missing = [f"{service.name} is missing" for service in services if not service.address]
    return [*missing, f"{counts.skipped.total()} skipped"] if counts.skipped else missing


def report(services: Iterable[Service], counts: Counts, failed: Sequence[str]) -> None:
    """Print the summary."""
    services = list(services)
    print("\n=== summary")
    print("Used:      ", ", ".join(str(service) for service in services if service.address) or "no service")
    print("Not found: ", ", ".join(str(service) for service in services if not service.address) or "nothing")
    for reason, number in sorted(counts.skipped.items()):
        print(f"Skipped:    {number} × {reason}")
    print("Failed:    ", ", ".join(failed) or "nothing")
    print(counts, flush=True)


def main() -> int:
    """Run all checks and tests. Return the exit code."""
    services = find_services()
    with tempfile.TemporaryDirectory(prefix="kumfa-everything-") as folder:
        failed = run_checks(Path(folder))
        failed_runs, counts = run_tests(services, Path(folder))
    failed = [*failed, *failed_runs, *strict_failures(services, counts)]
    report(services, counts, failed)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
