"""A portal for tests: a database file, a web server that receives receipts, and a process that sends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.databases import copy_sqlite_template

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0  # seconds for a process to start, on a busy machine


def _web_server(port: int) -> list[str]:
    return [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "kumfa.wsgi"]


@dataclass
class Portal:
    """A portal. `start` starts its web server and `stop` ends it."""

    folder: Path
    gateways: str
    port: int = 0
    server: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of its processes."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": os.environ.get("HOME", "/"),
            "ENV_FILE": os.devnull,
            "DEBUG": "1",
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.folder}/portal.sqlite3",
            "DJANGO_SETTINGS_MODULE": "tests.kannel.settings",
            "PORTAL_URL": f"http://127.0.0.1:{self.port}",
            "SMS_GATEWAYS": self.gateways,
            "SMS_SENDER": "KU-IT",
            "PYTHONWARNINGS": "ignore",
        }

    def start(self, command_for: Callable[[int], list[str]] | None = None) -> None:
        """Create the database and start the web server. `command_for` returns another command for a port."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        copy_sqlite_template(self.folder / "portal.sqlite3")
        command = (command_for or _web_server)(self.port)
        with self._log.open("wb") as log:
            self.server = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < deadline, self.log
            assert self.server.poll() is None, self.log
            time.sleep(0.1)

    def stop(self) -> None:
        """End the web server."""
        if self.server is not None:
            self.server.terminate()
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()

    def send(self) -> dict[str, Any]:
        """Send a code in another process. Return the message's id, and the first and last line of its text."""
        return self._ask("send")

    def what_became_of(self, message: int) -> dict[str, Any]:
        """Return the status of the message and of its receipts, as `tests.kannel.process` prints them."""
        return self._ask(f"what_became_of {message}")

    @property
    def log(self) -> str:
        """The output of the web server."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def _log(self) -> Path:
        return self.folder / "web.log"

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def _ask(self, words: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "tests.kannel.process", *words.split()]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer
