"""The portal as a newcomer starts it: web server, worker and beat as separate processes, on a free port."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from kumfa.settings import BASE_DIR
from tests.databases import copy_sqlite_template

START_SECONDS = 300.0  # on a busy machine; a portal that ends by itself is noticed at once


@dataclass(frozen=True)
class Portal:
    """A running portal: its address, its output, and its folder of files."""

    url: str
    printed: str
    var: Path

    def static_codes(self, username: str) -> list[str]:
        """Return the single-use codes that the portal printed for a member of the demo's staff."""
        found = re.search(rf"{username}@.*\n\s+single-use codes: (.+)", self.printed)
        assert found, self.printed
        return found[1].split()


class PortalProcess:
    """Starts and stops the portal. Unless it is the first start, the database is already migrated.

    `options` are those of `manage.py run`. By default the portal has no history.
    """

    def __init__(
        self,
        var: Path,
        env: dict[str, str] | None = None,
        *,
        is_first_start: bool = False,
        options: tuple[str, ...] = ("--empty",),
    ) -> None:
        self.port = _free_port()
        self.options = options
        self.var = var
        self._is_first_start = is_first_start
        self.output = var / "output.txt"
        self.env = {
            **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PORTAL_URL")},
            "VAR_DIR": str(var),
            "SMS_GATEWAYS": f"file://{var}/messages.jsonl",
            "ENV_FILE": os.devnull,
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "kumfa.settings",
            "PYTHONUNBUFFERED": "1",
            **(env or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Portal:
        """Start the portal. Return when it is ready."""
        if not self._is_first_start:
            copy_sqlite_template(self.var / "kumfa.sqlite3")
        command = [sys.executable, str(BASE_DIR / "manage.py"), "run", "--port", str(self.port), *self.options]
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                command, env=self.env, cwd=BASE_DIR, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        url = f"http://localhost:{self.port}"
        self._wait(url)
        return Portal(url, self.output.read_text(), self.var)

    def stop(self) -> int:
        """Send Ctrl-C and return the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(30)

    def _wait(self, url: str) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self.output.read_text()
            try:
                with urllib.request.urlopen(f"{url}/readyz", timeout=1) as answer:  # noqa: S310
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise AssertionError(self.output.read_text())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
