"""Measure a sign-in with password, code by SMS and landing page, here and in django-two-factor-auth.

    python benchmarks/sign_in.py [--rounds N] [--cache URL] [--verbose]

Counts HTTP requests and SQL statements, and measures CPU time in the serving process. Each side runs in its own process
with its own interpreter, and the two take turns. Uses a SQLite file and, if it answers, PostgreSQL on this machine
(BENCHMARK_DATABASE_URL). Fails if a sign-in here makes more statements than the aim or takes more CPU time than the
peer's.
"""

import argparse
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

# Modules of Django and of the portal are imported inside functions: they can be imported only once settings are loaded.
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PEER_REQUIREMENTS = HERE / "peer" / "requirements.txt"
SERVER = os.environ.get("BENCHMARK_DATABASE_URL", "postgres://postgres@127.0.0.1:5432").rstrip("/")
STATEMENTS_MAX = 18  # on the five pages, without transaction control and the landing page
LANDING = "landing"
WARM_UPS = 3
PASSWORD = "en-lang-adgangskode-til-test"
HASHERS = {"Argon2": "Argon2PasswordHasher", "MD5": "MD5PasswordHasher"}
SETTINGS = {"ours": "kumfa.settings", "peer": "peer.settings"}
TRANSACTION_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Request:
    """One request of a sign-in: the page, CPU milliseconds, and its SQL statements if they are counted."""

    page: str
    cpu: float
    statements: tuple[str, ...] = ()
    control: int = 0


SignIn = list[Request]


# --- in a side's own process ----------------------------------------------------------------------------------------


class Visitor:
    """A browser with its own session. Records the cost of each request."""

    def __init__(self, handler: Any, counts: bool) -> None:
        from django.test import Client

        # A server loads the middleware once. Each client's own handler would load it again.
        self.handler = handler
        self.client = Client()
        self.client.handler = self._serve  # type: ignore[assignment]
        self.counts = counts
        self.cpu = 0.0
        self.requests: SignIn = []

    def get(self, page: str, path: str) -> None:
        """Open a page."""
        self._note(f"{page}, GET", partial(self.client.get, path), 200)

    def post(self, page: str, path: str, data: dict[str, str], expected: int = 302) -> None:
        """Post a page's form. Do not follow the redirect."""
        self._note(f"{page}, POST", partial(self.client.post, path, data), expected)

    def _serve(self, environ: Any) -> Any:
        """Do the server's part, and time only that."""
        begin = time.process_time()
        response = self.handler(environ)
        self.cpu = (time.process_time() - begin) * 1000
        return response

    def _note(self, page: str, send: Callable[[], Any], expected: int) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) if self.counts else contextlib.nullcontext() as captured:
            response = send()
        if response.status_code != expected:
            sys.exit(f"{page}: {response.status_code} instead of {expected}")
        said = [str(query["sql"]) for query in captured or ()]
        statements = tuple(sql for sql in said if not sql.startswith(TRANSACTION_CONTROL))
        self.requests.append(Request(page, self.cpu, statements, len(said) - len(statements)))


class Ours:
    """This project. The worker's part is done between two requests, and is not measured."""

    def __init__(self, accounts: int) -> None:
        from django.contrib.auth.hashers import make_password
        from django.utils import timezone

        from accounts.models import Account
        from mfa_sms import sending
        from mfa_sms.models import SmsDevice

        self.queued: list[int] = []
        sending.enqueue_code = self.queued.append  # type: ignore[assignment]
        fields = {"password": make_password(PASSWORD), "password_changed_at": timezone.now(), "is_student": True}
        people = [Account(username=f"abc{number}", **fields) for number in range(accounts)]
        Account.objects.bulk_create(people)
        SmsDevice.objects.bulk_create(
            SmsDevice(user=account, number=f"+452612{position:04}", confirmed=True)
            for position, account in enumerate(people)
        )
        self.devices = iter(SmsDevice.objects.select_related("user").order_by("pk").all())

    def sign_in(self, visitor: Visitor) -> None:
        """Visit the five pages of the paper guide, then the landing page."""
        device = next(self.devices)
        visitor.get("account name", "/sign-in/")
        visitor.post("account name", "/sign-in/", {"account_name": str(device.user.account_name), "next": ""})
        visitor.get("password", "/sign-in/password/")
        visitor.post("password", "/sign-in/password/", {"password": PASSWORD})
        visitor.get("choose", "/sign-in/verify/")
        visitor.post("choose", "/sign-in/verify/send/", {"device": device.persistent_id})
        code = self._receive()
        visitor.get("code", "/sign-in/verify/code/")
        visitor.post("code", "/sign-in/verify/code/", {"code": code})
        visitor.get("stay", "/sign-in/stay/")
        visitor.post("stay", "/sign-in/stay/", {"stay": "no"})
        visitor.get(LANDING, "/security-info/")

    def _receive(self) -> str:
        """Do the worker's part. Return the code that the file gateway wrote."""
        from django.conf import settings

        from mfa_sms import delivery

        delivery.deliver(self.queued.pop())
        messages = (settings.VAR_DIR / "messages.jsonl").read_text(encoding="utf-8").splitlines()
        return str(json.loads(messages[-1])["text"])[-6:]


class Peer:
    """django-two-factor-auth, unchanged."""

    def __init__(self, accounts: int) -> None:
        from django.contrib.auth.hashers import make_password
        from django.contrib.auth.models import User
        from two_factor.plugins.phonenumber.models import PhoneDevice

        password = make_password(PASSWORD)
        people = [User(username=f"abc{number}", password=password) for number in range(accounts)]
        User.objects.bulk_create(people)
        PhoneDevice.objects.bulk_create(
            PhoneDevice(user=user, number=f"+452612{position:04}", name="default", method="sms")
            for position, user in enumerate(people)
        )
        self.people = iter(people)

    def sign_in(self, visitor: Visitor) -> None:
        """Visit both pages, then the landing page."""
        from peer.gateway import MemoryGateway

        login = "/account/login/"
        step = "login_view-current_step"
        name = next(self.people).username
        visitor.get("name and password", login)
        typed = {step: "auth", "auth-username": name, "auth-password": PASSWORD}
        visitor.post("name and password", login, typed, expected=200)
        visitor.post("code", login, {step: "token", "token-otp_token": MemoryGateway.tokens.pop()})
        visitor.get(LANDING, "/account/two_factor/")


def serve(side: str, hasher: str, accounts: int) -> None:
    """Sign in once for each line on standard input. Print the cost as JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS[side]
    sys.path.insert(0, str(ROOT))
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.test.client import ClientHandler

    settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{hasher}"]
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    person = Ours(accounts) if side == "ours" else Peer(accounts)
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    for line in sys.stdin:
        visitor = Visitor(handler, counts=line.strip() == "count")
        person.sign_in(visitor)
        if "otp_device_id" not in visitor.client.session:
            sys.exit("no second factor was proven")
        print(json.dumps([asdict(request) for request in visitor.requests]), flush=True)


# --- in the process that compares -----------------------------------------------------------------------------------


class Side:
    """A process that signs in on request."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def sign_in(self, how: str) -> SignIn:
        """Sign in once: `count` the statements, or `time` the requests."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(how, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("a side has ended early")
        return [Request(**{**request, "statements": tuple(request["statements"])}) for request in json.loads(answer)]


@dataclass(frozen=True)
class Measured:
    """The sign-ins of a side: one that was counted, and those that were timed."""

    counted: SignIn
    timed: list[SignIn]

    @property
    def cpu(self) -> float:
        """Median CPU milliseconds of a sign-in."""
        return median(sum(request.cpu for request in sign_in) for sign_in in self.timed)

    def cpu_of(self, position: int) -> float:
        """Median CPU milliseconds of one of its requests."""
        return median(sign_in[position].cpu for sign_in in self.timed)

    def statements(self, landing: bool = True) -> int:
        """SQL statements of a sign-in, with or without the landing page."""
        return sum(len(request.statements) for request in self.counted if landing or not is_landing(request))

    @property
    def control(self) -> int:
        """Statements that begin and end transactions."""
        return sum(request.control for request in self.counted)


def is_landing(request: Request) -> bool:
    """Whether the request opens the landing page."""
    return request.page.startswith(LANDING)


def peer_python() -> str:
    """Return the interpreter of the peer's own environment. Make the environment if the requirements changed."""
    digest = hashlib.sha256(PEER_REQUIREMENTS.read_bytes()).hexdigest()[:12]
    home = ROOT / "var" / "benchmarks" / f"two-factor-{digest}"
    python, done = home / "bin" / "python", home / "installed"
    if not done.exists():
        print(f"Installing {PEER_REQUIREMENTS.relative_to(ROOT)} into {home.relative_to(ROOT)}, once.", file=sys.stderr)
        venv.create(home, clear=True, with_pip=True)
        options = ("-qq", "--no-cache-dir", "--disable-pip-version-check", "--require-hashes")
        subprocess.run([python, "-m", "pip", "install", *options, "-r", PEER_REQUIREMENTS], check=True)
        done.touch()
    return str(python)


@contextlib.contextmanager
def started(side: str, hasher: str, database_url: str, arguments: argparse.Namespace) -> Iterator[Side]:
    """Start a side with its own database."""
    python = sys.executable if side == "ours" else peer_python()
    with tempfile.TemporaryDirectory(prefix=f"sign-in-{side}-") as var:
        env = {
            **{name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "PATH", "TMPDIR")},
            "ENV_FILE": os.devnull,
            "DEBUG": "0",
            "SECRET_KEY": "k" * 50,
            "PORTAL_URL": "http://testserver",
            "DATABASE_URL": database_url.format(side=side, var=var),
            "CACHE_URL": arguments.cache,
            "VAR_DIR": var,
            "LOG_LEVEL": "WARNING",
        }
        accounts = str(WARM_UPS + 1 + arguments.rounds)
        command = [python, str(HERE / "sign_in.py"), "--side", side, "--hasher", hasher, "--rounds", accounts]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=var, env=env, stdin=pipe, stdout=pipe, text=True) as process:
            yield Side(process)
            assert process.stdin is not None
            process.stdin.close()


def measure(hasher: str, database_url: str, arguments: argparse.Namespace) -> dict[str, Measured]:
    """Measure both sides. They take turns in going first."""
    with contextlib.ExitStack() as stack:
        sides = {name: stack.enter_context(started(name, hasher, database_url, arguments)) for name in SETTINGS}
        for _ in range(WARM_UPS):
            for side in sides.values():
                side.sign_in("time")
        found = {name: Measured(side.sign_in("count"), []) for name, side in sides.items()}
        for nth in range(arguments.rounds):
            for name in sorted(sides, reverse=nth % 2 == 1):
                found[name].timed.append(sides[name].sign_in("time"))
        return found


@contextlib.contextmanager
def postgresql() -> Iterator[str | None]:
    """Yield a URL template for new PostgreSQL databases, one per side, or None if no server answers.

    Drop the databases afterwards.
    """
    try:
        server = psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    prefix = f"sign_in_benchmark_{os.getpid()}"
    with server:
        for side in SETTINGS:
            server.execute(f"CREATE DATABASE {prefix}_{side}")
        try:
            yield f"{SERVER}/{prefix}_{{side}}"
        finally:
            for side in SETTINGS:
                server.execute(f"DROP DATABASE {prefix}_{side} WITH (FORCE)")


@contextlib.contextmanager
def sqlite() -> Iterator[str]:
    """Yield a URL template for a file in a side's own directory."""
    yield "sqlite:///{var}/benchmark.sqlite3"


def row(*cells: str) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def compare(title: str, found: dict[str, dict[str, Measured]]) -> list[str]:
    """Return the table's rows for one database. `found` is by hasher, then by side."""
    ours, peer = found["Argon2"]["ours"], found["Argon2"]["peer"]
    lines: list[tuple[str, float, float, str]] = [
        ("HTTP requests", len(ours.counted), len(peer.counted), "d"),
        ("SQL statements, with the landing page", ours.statements(), peer.statements(), "d"),
        ("SQL statements, without it", ours.statements(landing=False), peer.statements(landing=False), "d"),
        ("transaction control besides", ours.control, peer.control, "d"),
    ]
    for hasher, sides in found.items():
        lines.append((f"CPU of a sign-in, {hasher}, ms", sides["ours"].cpu, sides["peer"].cpu, ".1f"))
    quick = found["MD5"]
    a_request = [side.cpu / len(side.counted) for side in quick.values()]
    lines.append(("CPU of a request, MD5, ms", a_request[0], a_request[1], ".1f"))
    return [row(title, what, f"{a:{form}}", f"{b:{form}}", f"{a / b:.2f}") for what, a, b, form in lines]


def pages(name: str, side: Measured, verbose: bool) -> None:
    """Print the cost of each page of a side and, if verbose, its statements. `side` was measured with MD5."""
    print(f"\n{name}\n")
    print(row("Page", "SQL statements", "Transaction control", "CPU, ms (MD5)"))
    print(row("---", "---:", "---:", "---:"))
    for position, request in enumerate(side.counted):
        cells = (str(len(request.statements)), str(request.control), f"{side.cpu_of(position):.1f}")
        print(row(request.page, *cells))
    if verbose:
        for request in side.counted:
            print(f"\n{request.page}", *(f"  {sql[:300]}" for sql in request.statements), sep="\n")


def misses(title: str, found: dict[str, dict[str, Measured]]) -> list[str]:
    """Return a line for each aim that is missed."""
    ours, peer = found["Argon2"]["ours"], found["Argon2"]["peer"]
    missed = []
    if ours.statements(landing=False) > STATEMENTS_MAX:
        missed.append(f"{title}: {ours.statements(landing=False)} statements on five pages, aim {STATEMENTS_MAX}")
    if ours.cpu > peer.cpu:
        missed.append(f"{title}: {ours.cpu:.1f} ms of CPU a sign-in, the peer {peer.cpu:.1f}")
    return missed


def report(arguments: argparse.Namespace) -> int:
    """Measure on each database and print the tables. Return 0 if all aims are met."""
    found: dict[str, dict[str, dict[str, Measured]]] = {}
    for title, databases in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        for hasher, class_name in HASHERS.items():
            with databases() as database_url:
                if database_url is None:
                    print(f"{title}: not reachable, left out")
                    break
                found.setdefault(title, {})[hasher] = measure(class_name, database_url, arguments)
    print(row("Database", "A sign-in", "ours", "peer", "ratio"))
    print(row("---", "---", "---:", "---:", "---:"))
    for title, by_hasher in found.items():
        print(*compare(title, by_hasher), sep="\n")
    for title, by_hasher in found.items():
        for name, side in by_hasher["MD5"].items():
            pages(f"{title}, {name}", side, arguments.verbose)
    missed = [line for title, by_hasher in found.items() for line in misses(title, by_hasher)]
    print("\n" + ("\n".join(f"OVER: {line}" for line in missed) or "Within the aim."))
    return 1 if missed else 0


def main() -> int:
    """Compare, or run the side that `--side` names."""
    parser = argparse.ArgumentParser(description="What a sign-in costs, here and in django-two-factor-auth.")
    parser.add_argument("--rounds", type=int, default=30, help="sign-ins that are timed on each side (30)")
    parser.add_argument("--cache", default="locmemcache://", help="CACHE_URL of both sides (locmemcache://)")
    parser.add_argument("--verbose", action="store_true", help="print every SQL statement")
    parser.add_argument("--side", choices=SETTINGS, help=argparse.SUPPRESS)
    parser.add_argument("--hasher", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side:
        serve(arguments.side, arguments.hasher, arguments.rounds)
        return 0
    return report(arguments)


if __name__ == "__main__":
    sys.exit(main())
