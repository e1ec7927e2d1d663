"""`manage.py run`: the whole portal on one machine, in one foreground process."""

import fcntl
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from demo import empty_database, people
from demo.gateway import DemoGateway
from demo.processes import Group, Process
from mfa_sms import gateways
from sso import keys
from sso.models import SigningKey


class Command(BaseCommand):
    """Migrates, makes demo accounts and signing keys, prints the accounts, and runs all processes until Ctrl-C."""

    help = "Run the portal with demo accounts, a worker and its beat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--empty", action="store_true", help="begin without 60 days of history")

    def handle(self, *args: Any, port: int, empty: bool, **options: Any) -> None:
        with self._alone():
            self._refuse_taken(port)
            self._run(port, empty=empty)

    def _run(self, port: int, *, empty: bool) -> None:
        self._migrate()
        call_command("createcachetable", verbosity=0)
        accounts = {person: people.ensure(person) for person in people.PEOPLE}
        for use in SigningKey.Use:
            keys.ensure(use)
        self._introduce(f"http://127.0.0.1:{port}", accounts)
        env = {
            **os.environ,
            "PORT": str(port),
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),  # so that the accounts stay visible
            "TMPDIR": str(self._temporary()),  # the embedded broker moves messages through it
            # Celery prints a long warning if it runs as root. On a laptop that is noise.
            "PYTHONWARNINGS": "ignore:You're running the worker",
        }
        # The other processes start when the web server answers, so that its first answer does not wait for them.
        sys.exit(Group(self._chains(port, env, empty=empty), ready=partial(_answers, port)).run())

    def _migrate(self) -> None:
        database = Path(settings.DATABASES["default"]["NAME"])
        # A database in memory has a name that is no absolute path.
        if connection.vendor == "sqlite" and database.is_absolute() and not database.exists():
            empty_database.copy(database)
        if not connection.introspection.table_names():
            # Django renders every related model again after each operation. This library has the most operations, so
            # migrating it before most other models exist makes a first start seconds faster.
            call_command("migrate", "oauth2_provider", verbosity=0, interactive=False)
        call_command("migrate", verbosity=0, interactive=False)

    def _chains(self, port: int, env: dict[str, str], *, empty: bool) -> list[list[Process]]:
        """Return the chains of processes. Beat starts after the history, since its tasks would seal half of it."""
        python = [sys.executable, "-m"]
        manage = [sys.executable, "-m", "django"]
        celery = [*python, "celery", "--quiet", "--app", "kumfa"]
        web = ["gunicorn", "kumfa.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
        worker = [*celery, "worker", "--pool", "threads", "--concurrency", "4", "--queues", "codes,other"]
        # Discard the history's mails and tasks: the history has already done their work.
        apart = {**env, "EMAIL_URL": "dummymail://", "CELERY_BROKER_URL": "memory://", "LOG_LEVEL": "WARNING"}
        politely = ["nice", "-n", "10"] if shutil.which("nice") else []  # the portal has priority
        operator = [Process([*politely, *manage, "run_operator"], env)]
        history = Process([*politely, *manage, "fill_history", *(["--empty"] if empty else [])], apart)
        return [
            [Process([*python, *web, "--log-level", "warning"], env)],
            [Process([*worker, "--without-gossip"], env)],
            *([operator] if any(isinstance(gateway, DemoGateway) for gateway in gateways.configured()) else []),
            [history, Process([*celery, "beat"], env)],
        ]

    def _temporary(self) -> Path:
        folder: Path = settings.VAR_DIR / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Refuse a second portal on the same files: both would share one database and one broker."""
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with (settings.VAR_DIR / "run.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandError(
                    f"A portal already runs on the files in {settings.VAR_DIR}. End it with Ctrl-C, or use other files:"
                    " make run VAR_DIR=var/second PORT=8001"
                ) from None
            yield

    def _refuse_taken(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is taken ({error.strerror}). Choose another: make run PORT=8001"
                ) from None

    def _introduce(self, url: str, accounts: dict[people.Person, Any]) -> None:
        write = self.stdout.write
        write(f"\n  Portal           {url}/")
        write(f"  Text messages    {url}/inbox/")
        write(f"  Admin            {url}/admin/")
        write(f"  Mails            {settings.VAR_DIR / 'mail'}")
        write(f"\n  Demo accounts, all with the password  {people.PASSWORD}\n")
        for person, account in accounts.items():
            write(f"    {account.account_name!s:<24} {account.get_full_name():<14} {person.what}")
            if account.is_staff:
                write(f"    {'':<24} single-use codes: {' '.join(people.unused_codes(account)[:5])}")
        write("\n  Ctrl-C ends it all.\n")
        self.stdout.flush()


def _answers(port: int) -> bool:
    """Return whether the web server answers. A server that is still loading the portal only listens."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=0.5)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
