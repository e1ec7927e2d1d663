"""A portal of separate processes: a database file, a process that publishes like a web server, and a worker."""

import json
import os
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kombu
import redis

from tests.databases import copy_sqlite_template

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 40  # seconds for a worker to start and consume, on a busy machine


@dataclass(frozen=True)
class Published:
    """The message that the web-like process requested, and the duration of the request in seconds."""

    message: int
    code: str
    seconds: float
    reference: str


@dataclass
class Portal:
    """One portal, with its own folder and queues."""

    folder: Path
    broker: str
    prefix: str = field(default_factory=lambda: f"test-{uuid.uuid4().hex[:12]}-")

    @property
    def queues(self) -> tuple[str, str]:
        """The names of both queues."""
        return f"{self.prefix}codes", f"{self.prefix}other"

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of its processes."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": os.environ.get("HOME", "/"),
            "ENV_FILE": os.devnull,
            "DEBUG": "1",
            "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": "json",
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.folder}/portal.sqlite3",
            "CELERY_BROKER_URL": self.broker,
            "DJANGO_SETTINGS_MODULE": "tests.broker.settings",
            "TEST_QUEUE_PREFIX": self.prefix,
            "PYTHONWARNINGS": "ignore",
        }

    def migrated(self) -> "Portal":
        """Create the database."""
        copy_sqlite_template(self.folder / "portal.sqlite3")
        return self

    def enroll(self) -> Published:
        """Enter a number in another process."""
        done = self._manage("shell", "--no-imports", "-c", "from tests.broker.web import enroll; enroll()")
        answer = json.loads(done.stdout.strip().splitlines()[-1])
        return Published(**answer)

    def publish(self, task: str) -> None:
        """Publish a task without arguments, in another process."""
        self._manage("shell", "--no-imports", "-c", f"from kumfa import celery_app; celery_app.send_task({task!r})")

    def waiting(self) -> list[str]:
        """Return the payloads in the queue of codes, with their headers and properties. Leave them in the queue."""
        with self._channel() as channel:
            queue = kombu.Queue(self.queues[0], no_declare=True)(channel)
            found = []
            while (message := queue.get()) is not None:
                found.append(message)
            for message in found:
                message.requeue()
            return [f"{message.body!r} {message.headers!r} {message.properties!r}" for message in found]

    @contextmanager
    def worker(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a worker for both queues, and end it on exit."""
        command = [sys.executable, "-m", "celery", "--quiet", "--app", "kumfa", "worker", "--pool", "threads"]
        options = ["--concurrency", "2", "--queues", ",".join(self.queues), "--hostname", f"{self.prefix}@%h"]
        quiet = ["--without-gossip", "--without-mingle"]
        with self.process([*command, *options, *quiet]) as process:
            yield process

    def received(self, worker: "subprocess.Popen[bytes]") -> list[dict[str, str]]:
        """Wait until the phone receives a message. Return all messages, or an empty list after the timeout."""
        path = self.folder / "messages.jsonl"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not (path.exists() and path.read_text()):
            with suppress(subprocess.TimeoutExpired):
                assert worker.wait(0.1) is None, self.log
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines of the worker's log. The text that Celery prints at its start is left out."""
        return [json.loads(line) for line in self.log.splitlines() if line.startswith("{") and line.endswith("}")]

    def logged(self, process: "subprocess.Popen[bytes]", words: str) -> dict[str, Any]:
        """Wait for a line with these words in its text, and return it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for line in self.lines:
                if words in line["text"]:
                    return line
            with suppress(subprocess.TimeoutExpired):
                assert process.wait(0.1) is None, self.log
        raise AssertionError(self.log)

    @contextmanager
    def process(self, command: list[str], **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a command with its output in the log, and end it on exit."""
        with open(self.folder / "worker.log", "wb") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment | environment, stdout=log, stderr=subprocess.STDOUT
            )
            try:
                yield process
            finally:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.kill()
                process.wait()

    @property
    def log(self) -> str:
        """The output of the worker."""
        return (self.folder / "worker.log").read_text()

    def status(self, message: int) -> str:
        """Return the delivery status of the message."""
        with closing(sqlite3.connect(self.folder / "portal.sqlite3", timeout=20)) as connection:
            row = connection.execute("SELECT status FROM mfa_sms_textmessage WHERE id = ?", [message]).fetchone()
        return str(row[0])

    def clear(self) -> None:
        """Delete the queues and exchanges."""
        if self.broker.startswith("redis"):
            # A new channel knows no bindings, so kombu's own deletion would find nothing.
            with redis.Redis.from_url(self.broker) as client:
                for name in self.queues:
                    client.delete(name, f"_kombu.binding.{name}", f"_kombu.binding_permanent.{name}")
        elif self.broker.startswith("amqp"):
            for name in self.queues:
                with self._channel() as channel:
                    channel.queue_delete(name)
                    channel.exchange_delete(name)

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        options: dict[str, Any] = {}
        if self.broker.startswith("filesystem:"):
            folder = self.folder / "broker"
            queue = str(folder / "queue")
            options = {"data_folder_in": queue, "data_folder_out": queue, "control_folder": str(folder / "control")}
        with kombu.Connection(self.broker, transport_options=options, connect_timeout=5) as connection:
            yield connection.channel()

    def _manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done
