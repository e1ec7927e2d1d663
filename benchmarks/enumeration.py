"""Measure whether the answers of the password page and of the forgotten-password page reveal which accounts exist.

    python benchmarks/enumeration.py [--rounds N] [--only PAGE]

Each round asks once about an account of each kind, in random order, with a wrong password. The answers must be the
same. A stranger who sees only the time must not be able to tell a kind from an active account: the AUC of the times
must be near 0.5. Uses a SQLite file, or a new database on the server that TEST_DATABASE_URL names. The exit code is 1
if an aim is missed.
"""

import argparse
import contextlib
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

# Django's modules and the portal's are imported inside functions: a process must have its settings first.
ROOT = Path(__file__).resolve().parent.parent
LOWEST, HIGHEST = 0.45, 0.55
WARM_UPS = 5
SEED = 42
HASHER = "Argon2PasswordHasher"
PASSWORD = "en-lang-adgangskode-til-test"
BASE = "active account"
CONTROL = "active account, again"
KINDS = (
    BASE,
    CONTROL,
    "unknown name",
    "disabled account",
    "blocked account",
    "password too old",
    "password must be renewed",
    "no password",
)
PAGES = {"password": "/sign-in/password/", "forgotten password": "/password/forgotten/"}
_CSRF = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')
_REFERENCE = re.compile(r'(class="reference">)[^<]+')


@dataclass
class Found:
    """The results for one kind of request: times in milliseconds, and the distinct answers."""

    times: list[float] = field(default_factory=list)
    answers: set[tuple[Any, ...]] = field(default_factory=set)


# By page, then by kind.
Results = dict[str, dict[str, Found]]


def auc(times: Sequence[float], others: Sequence[float]) -> float:
    """Return the chance that one of `times` is longer than one of `others`, by the sum of the ranks. A tie is half."""
    both = sorted([(value, True) for value in times] + [(value, False) for value in others])
    ranks, position = 0.0, 0
    while position < len(both):
        end = position
        while end < len(both) and both[end][0] == both[position][0]:
            end += 1
        ranks += sum(mine for _value, mine in both[position:end]) * (position + 1 + end) / 2
        position = end
    return (ranks - len(times) * (len(times) + 1) / 2) / (len(times) * len(others))


class Stranger:
    """A new browser at an address. Times the server's part of its last request."""

    def __init__(self, handler: Any, address: str) -> None:
        from django.test import Client

        # A server loads the middleware once. Each client's own handler would load it again.
        self.handler = handler
        self.client = Client(REMOTE_ADDR=address)
        self.client.handler = self._serve  # type: ignore[assignment]
        self.milliseconds = 0.0

    def ask(self, page: str, name: str) -> Any:
        """Ask the page about an account, with a wrong password if it takes one."""
        if page == "password":
            self.client.post("/sign-in/", {"account_name": name, "next": ""})
            return self.client.post(PAGES[page], {"password": "not-the-password"})
        return self.client.post(PAGES[page], {"account_name": name})

    def _serve(self, environ: Any) -> Any:
        begin = time.perf_counter()
        response = self.handler(environ)
        self.milliseconds = (time.perf_counter() - begin) * 1000
        return response


def answer(response: Any, name: str) -> tuple[Any, ...]:
    """Return what a stranger sees, without the parts that differ between any two requests."""
    text = _REFERENCE.sub(r"\1", _CSRF.sub(r"\1", response.content.decode())).replace(name, "NAME")
    headers = sorted(item for item in response.headers.items() if item[0] != "X-Reference")
    return response.status_code, tuple(headers), tuple(sorted(response.cookies)), text


def make_accounts(rounds: int) -> dict[tuple[str, str, int], str]:
    """Make an account for each page, kind and round. Return their account names."""
    from django.contrib.auth.hashers import make_password
    from django.db import connection
    from django.utils import timezone

    from accounts.models import Account

    encoded, now = make_password(PASSWORD), timezone.now()
    states: dict[str, dict[str, Any]] = {
        "disabled account": {"is_active": False},
        "blocked account": {"blocked_at": now},
        "password too old": {"password_changed_at": now - timedelta(days=10_000)},
        "password must be renewed": {"must_renew_since": now},
        "no password": {"password": make_password(None)},
    }
    names, people = {}, []
    asked = [(page, kind, nth) for page in PAGES for kind in KINDS for nth in range(rounds)]
    for number, key in enumerate(asked):
        username = f"abc{number:05}"
        names[key] = f"{username}@alumni.ku.dk"
        if key[1] != "unknown name":
            fields = {"password": encoded, "password_changed_at": now, "email": f"{username}@example.org"}
            people.append(Account(username=username, is_student=True, **{**fields, **states.get(key[1], {})}))
    Account.objects.bulk_create(people, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return names


def measure(rounds: int, pages: Sequence[str]) -> Results:
    """Ask about each kind once in a round. Each round has an address, and each request a name and a browser."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.test.client import ClientHandler

    django.setup()
    if not settings.PASSWORD_HASHERS[0].endswith(HASHER):
        sys.exit(f"{HASHER} is not the first hasher")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    names = make_accounts(WARM_UPS + rounds)
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    found: Results = {page: {kind: Found() for kind in KINDS} for page in pages}
    order = [(page, kind) for page in pages for kind in KINDS]
    shuffle = random.Random(SEED).shuffle  # noqa: S311
    for nth in range(WARM_UPS + rounds):
        shuffle(order)
        for page, kind in order:
            stranger, name = Stranger(handler, f"10.0.{nth // 200}.{nth % 200 + 1}"), names[page, kind, nth]
            response = stranger.ask(page, name)
            if nth >= WARM_UPS:
                found[page][kind].times.append(stranger.milliseconds)
                found[page][kind].answers.add(answer(response, name))
    return found


@contextlib.contextmanager
def database(var: str) -> Iterator[str]:
    """Yield the URL of a new database on the server of TEST_DATABASE_URL, or of a file. Drop it afterwards."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server:
        yield f"sqlite:///{var}/benchmark.sqlite3"
        return
    name = f"enumeration_benchmark_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def report(found: Results, rounds: int) -> list[str]:
    """Print the table. Return a line for each aim that is missed."""
    missed = []
    print("| Page | Kind | status | median, ms | AUC |\n| --- | --- | ---: | ---: | ---: |")
    for page, kinds in found.items():
        base = kinds[BASE]
        for kind, of_kind in kinds.items():
            statuses = ", ".join(sorted({str(seen[0]) for seen in of_kind.answers}))
            value = 0.5 if kind == BASE else auc(of_kind.times, base.times)
            print(f"| {page} | {kind} | {statuses} | {median(of_kind.times):.2f} | {value:.3f} |")
            if len(base.answers | of_kind.answers) > 1:
                missed.append(f"{page}, {kind}: the answer differs")
            if kind != CONTROL and not LOWEST <= value <= HIGHEST:
                missed.append(f"{page}, {kind}: AUC {value:.3f}")
    deviation = ((2 * rounds + 1) / (12 * rounds**2)) ** 0.5
    print(f"\nChance alone moves an AUC by {deviation:.3f} (one standard deviation) in {rounds} rounds.")
    return missed


def main() -> int:
    """Measure, and return 0 if no kind can be told from an active account."""
    parser = argparse.ArgumentParser(description="Whether answers and times reveal which accounts exist.")
    parser.add_argument("--rounds", type=int, default=300, help="requests of each kind to each page (300)")
    parser.add_argument("--only", choices=PAGES, help="ask this page only")
    arguments = parser.parse_args()
    rounds, pages = arguments.rounds, [arguments.only] if arguments.only else list(PAGES)
    with tempfile.TemporaryDirectory(prefix="enumeration-") as var, database(var) as url:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "kumfa.settings",
            "ENV_FILE": os.devnull,
            "DEBUG": "0",
            "SECRET_KEY": "k" * 50,
            "PORTAL_URL": "http://testserver",
            "DATABASE_URL": url,
            "CACHE_URL": "locmemcache://",
            "VAR_DIR": var,
            "LOG_LEVEL": "ERROR",
        }
        sys.path.insert(0, str(ROOT))
        missed = report(measure(rounds, pages), rounds)
    print("\n".join(f"OVER: {line}" for line in missed) or "Within the aim.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
