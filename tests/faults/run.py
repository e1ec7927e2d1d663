"""One run: start the portal, cause the faults, wait for all messages, and end all processes."""

import os
import socket
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import kombu

from tests.faults import journal
from tests.faults.crew import Crew
from tests.faults.database import Database, fresh
from tests.faults.gateway import NAMES, SECRET
from tests.faults.helpers import Helper
from tests.faults.outcome import Outcome, read_outcome
from tests.faults.plan import CODES, Plan, steps

WORKER = ("worker", "--pool", "threads")
START = 90.0  # seconds that processes have to start, on a busy machine
WAITING = "SELECT count(*) FROM mfa_sms_textmessage WHERE status IN ('queued', 'sending')"
RECEIPTS = "SELECT count(*) FROM mfa_sms_receipt WHERE processed_at IS NULL"


@dataclass
class Stage:
    """The parts of a run."""

    plan: Plan
    folder: Path
    database: Database
    crew: Crew
    gateways: Helper
    proxy: Helper
    events: journal.Journal

    def tend_until(self, what: str, reached: Callable[[], bool], seconds: float) -> None:
        """Keep the processes running until the condition is true. Raise `TimeoutError` after this many seconds."""
        deadline = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what}: not so after {seconds:.0f} s")
            self.crew.tend()
            time.sleep(0.25)

    def play(self) -> None:
        """Execute the steps of the plan while messages are created."""
        begin = time.monotonic()
        for step in sorted(steps(self.plan)):
            self.tend_until(step.how, partial(_is_past, begin + step.at), step.at + START)
            self._do(step.target, step.how)

    def settled(self) -> bool:
        """Return whether every message was created and has ended, and every receipt was taken and applied."""
        return (
            self.database.count("SELECT count(*) FROM mfa_sms_textmessage") >= self.plan.messages
            and not self.database.count(WAITING)
            and self.gateways.tell("waiting") == "0"
            and not self.database.count(RECEIPTS)
        )

    def _do(self, target: str, how: str) -> None:
        kind, _space, name = target.partition(" ")
        if how == "kill":
            self.crew.kill(target)
            return
        self.events.write(kind="trouble", target=target, how=how)
        if kind == "gateway":
            self.gateways.tell(f"{name} {how}")
        else:
            self.proxy.tell("restore" if how == "well" else how)


def run(plan: Plan, server: str, broker: str, folder: Path) -> Outcome:
    """Run a plan on a PostgreSQL server and a RabbitMQ broker, given by URL. The folder keeps the files of the run."""
    with ExitStack() as stack:
        stage = stack.enter_context(_stage(plan, server, broker, folder))
        _start(stage)
        stage.play()
        stage.tend_until("all messages have ended", stage.settled, plan.patience)
        return read_outcome(stage.database, folder)


@contextmanager
def _stage(plan: Plan, server: str, broker: str, folder: Path) -> Iterator[Stage]:
    port, prefix = _free_port(), f"faults-{uuid.uuid4().hex[:8]}-"
    with ExitStack() as stack:
        database = stack.enter_context(fresh(server))
        stack.callback(_delete_queues, broker, prefix)
        parts = urlsplit(broker)
        proxy = Helper("proxy", parts.hostname or "", str(parts.port or 5672))
        stack.callback(proxy.end)
        gateways = Helper("gateway", str(folder / "gateway.jsonl"), f"http://127.0.0.1:{port}")
        stack.callback(gateways.end)
        events = journal.Journal(folder / "events.jsonl")
        stack.callback(events.close)
        user, _at, _host = parts.netloc.rpartition("@")
        through = urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{proxy.port}"))
        crew = Crew(folder, _environment(plan, folder, database, through, prefix, port, gateways.port), events)
        stack.callback(crew.end)
        yield Stage(plan, folder, database, crew, gateways, proxy, events)


def _environment(
    plan: Plan, folder: Path, database: Database, broker: str, prefix: str, port: int, gateways: int
) -> dict[str, str]:
    urls = (f"gatewayapi://{name}@127.0.0.1:{gateways}?secret={SECRET}&name={name}" for name in NAMES)
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", "/"),
        "ENV_FILE": os.devnull,
        "DEBUG": "0",
        "CELERY_SKIP_CHECKS": "1",  # of https, Redis and a mail server, which a laptop lacks
        "SECRET_KEY": uuid.uuid4().hex,
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "VAR_DIR": str(folder),
        "DATABASE_URL": database.url,
        "CELERY_BROKER_URL": broker,
        "SMS_GATEWAYS": ",".join(urls),
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "TEST_QUEUE_PREFIX": prefix,
        "FAULTS_STUCK_AFTER": str(plan.stuck_after),
        "FAULTS_SWEEP_EVERY": str(plan.sweep_every),
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
    }


def _start(stage: Stage) -> None:
    """Start the portal as the unit files in docs/systemd do. When it works, start the load."""
    crew, portal, prefix = stage.crew, stage.crew.environment["PORTAL_URL"], stage.crew.environment["TEST_QUEUE_PREFIX"]
    crew.run("manage.py", "migrate", "--skip-checks", "--verbosity", "0")
    crew.run("-m", "tests.faults.load", "prepare", str(stage.plan.messages))
    celery = ("-m", "celery", "--app", "kumfa")
    for name, queue, threads in ((CODES[0], "codes", "16"), (CODES[1], "codes", "16"), ("other", "other", "4")):
        host = ("--hostname", f"{prefix}{name}@%h")
        crew.start(name, *celery, *WORKER, "--concurrency", threads, "--queues", f"{prefix}{queue}", *host)
    crew.start("beat", *celery, "beat")
    address = portal.removeprefix("http://")
    web = ("--bind", address, "--worker-class", "gthread", "--workers", "1", "--threads", "4")
    crew.start("web", "-m", "gunicorn", "kumfa.wsgi", *web)
    for name in (*CODES, "other"):
        stage.tend_until(f"{name} is ready", partial(crew.has_said, name, " ready."), START)
    stage.tend_until("the web server is ready", lambda: _answers(portal), START)
    crew.start("load", "-m", "tests.faults.load", "send", str(stage.plan.messages), str(stage.plan.rate))
    first = "SELECT count(*) FROM mfa_sms_textmessage"
    stage.tend_until("the first message is made", lambda: stage.database.count(first) > 0, START)


def _is_past(moment: float) -> bool:
    return time.monotonic() >= moment


def _answers(portal: str) -> bool:
    try:
        with urllib.request.urlopen(f"{portal}/healthz", timeout=2) as answer:  # noqa: S310 - our own portal
            return bool(answer.status == 200)
    except OSError:
        return False


def _delete_queues(broker: str, prefix: str) -> None:
    for name in (f"{prefix}codes", f"{prefix}other"):
        with kombu.Connection(broker, connect_timeout=5) as connection:
            channel: Any = connection.channel()
            channel.queue_delete(name)
            channel.exchange_delete(name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
