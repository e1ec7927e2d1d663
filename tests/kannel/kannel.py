"""Kannel for tests: bearerbox, smsbox and a simulated operator, on free ports."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PATIENCE = 20.0  # seconds to wait for anything on a busy machine
# Debian's kannel-extras installs it outside the usual folders.
FAKESMSC = shutil.which("fakesmsc", path="/usr/lib/kannel/test:/usr/lib/kannel/fakesmsc:/usr/bin:/usr/sbin")
SBIN = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
BEARERBOX, SMSBOX = shutil.which("bearerbox", path=SBIN), shutil.which("smsbox", path=SBIN)
INSTALLED = bool(BEARERBOX and SMSBOX and FAKESMSC)

CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = admin
admin-deny-ip = "*.*.*.*"
smsbox-port = {boxes}
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = operator
host = 127.0.0.1
port = {operator}
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = "127.0.0.1"
sendsms-port = {sendsms}
sendsms-interface = "127.0.0.1"
http-request-retry = 20
http-queue-delay = 1

group = sendsms-user
username = {user}
password = "{password}"
max-messages = 1
"""


@dataclass
class Kannel:
    """Kannel's processes. `start` starts them and `stop` ends them."""

    folder: Path
    user: str = "portal"
    password: str = "p@ss word"
    ports: dict[str, int] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        """Start the three processes. Each must be ready before the next one starts."""
        self.ports = dict(zip(("admin", "boxes", "operator", "sendsms"), _free_ports(4), strict=True))
        configuration = self.folder / "kannel.conf"
        configuration.write_text(
            CONFIGURATION.format(user=self.user, password=self.password, **self.ports), encoding="ascii"
        )
        self._run("bearerbox", BEARERBOX, str(configuration))
        self._until_listening("boxes")
        self._until_listening("operator")
        # The operator sends no message, but its command line requires one.
        self._run("operator", FAKESMSC, "-H", "127.0.0.1", "-r", str(self.ports["operator"]), "-m", "0", "1 2 text x")
        wait_until(lambda: "Fakesmsc client connected" in self.log("bearerbox"), "the operator is connected", self)
        self._run("smsbox", SMSBOX, str(configuration))
        self._until_listening("sendsms")

    def stop(self) -> None:
        """End the processes, the last one first."""
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(PATIENCE / 4)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def log(self, name: str) -> str:
        """Return the output of a process."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def logs(self) -> str:
        """Return the end of each log, for the message of a failed assertion."""
        return "\n".join(
            f"--- {path.name}\n{self.log(path.stem)[-3000:]}" for path in sorted(self.folder.glob("*.log"))
        )

    def _run(self, name: str, program: str | None, *arguments: str) -> None:
        assert program is not None
        with (self.folder / f"{name}.log").open("wb") as log:
            command = [program, *arguments]
            self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder))

    def _until_listening(self, name: str) -> None:
        def listening() -> bool:
            assert all(process.poll() is None for process in self.processes), self.logs()
            with socket.socket() as client:
                return client.connect_ex(("127.0.0.1", self.ports[name])) == 0

        wait_until(listening, f"port {name} is open", self)


class ReceiptServer(ThreadingHTTPServer):
    """Keeps the target of each request, and responds as the portal would."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _ReceiptHandler)
        self.targets: list[str] = []
        self.came = threading.Condition()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        """The URL for receipts."""
        return f"http://127.0.0.1:{self.server_port}/receipts/kannel/"

    def wait_for(self, count: int) -> list[str]:
        """Wait for this number of targets, but not longer than `PATIENCE`. Return the targets."""
        with self.came:
            self.came.wait_for(lambda: len(self.targets) >= count, PATIENCE)
            return list(self.targets)

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _ReceiptHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ReceiptServer

    def do_GET(self) -> None:
        with self.server.came:
            self.server.targets.append(self.path)
            self.server.came.notify_all()
        # Kannel calls again after any status except 200 and 202, even after 204.
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Suppress the log."""


def wait_until(condition: Callable[[], bool], what: str, kannel: Kannel) -> None:
    """Wait until the condition is true. Fail with Kannel's logs after `PATIENCE` seconds."""
    until = time.monotonic() + PATIENCE
    tick = threading.Event()
    while not condition():
        assert time.monotonic() < until, f"not within {PATIENCE:.0f} s: {what}\n{kannel.logs()}"
        tick.wait(0.05)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for free in sockets:
            free.bind(("127.0.0.1", 0))
        return [free.getsockname()[1] for free in sockets]
    finally:
        for free in sockets:
            free.close()
