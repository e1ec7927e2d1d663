"""A unit of docs/systemd, started by its own command in the settings of production, as systemd would start it."""

import json
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs" / "systemd"
PATIENCE = 90.0  # seconds for a process to start, on a busy machine


def directives(name: str) -> list[tuple[str, str]]:
    """Return the lines of a unit as pairs."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return re.findall(r"^([A-Za-z]+)=(.*)$", text, re.MULTILINE)


def command(name: str, folder: Path, prefix: str = "") -> list[str]:
    """Return the command of a unit, with this Python, another folder for its state, and a prefix for its queues."""
    words = shlex.split(dict(directives(name))["ExecStart"])
    words = [word.replace("/var/lib/kumfa", str(folder)) for word in words]
    if "--queues" in words:
        position = words.index("--queues") + 1
        words[position] = f"{prefix}{words[position]}"
    return [sys.executable, "-m", Path(words[0]).name, *words[1:]]


class Running:
    """A running unit: what it told systemd, and what it wrote on standard error."""

    def __init__(self, process: "subprocess.Popen[bytes]", notify: socket.socket, errors: Path) -> None:
        self.process = process
        self._notify = notify
        self._errors = errors

    @property
    def text(self) -> str:
        """Everything on standard error."""
        return self._errors.read_text(encoding="utf-8")

    def lines(self) -> list[dict[str, Any]]:
        """Return each line as an object. Fail if one is no JSON."""
        return [json.loads(line) for line in self.text.splitlines()]

    def wait_until_ready(self) -> None:
        """Wait until the process has told systemd that it is ready."""
        self._notify.settimeout(1)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.text
            with suppress(TimeoutError):
                if b"READY=1" in self._notify.recv(4096):
                    return
        raise AssertionError(self.text)

    def wait_for(self, words: str) -> dict[str, Any]:
        """Wait for a line with these words, and return it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for line in self.text.splitlines():
                if words in line and line.endswith("}"):
                    return dict(json.loads(line))
            with suppress(subprocess.TimeoutExpired):
                assert self.process.wait(0.1) is None, self.text
        raise AssertionError(self.text)

    def end(self) -> int:
        """End the process as systemd does. Return its exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)


@contextmanager
def running(
    words: list[str], environment: Mapping[str, str], folder: Path, *sockets: socket.socket
) -> Iterator[Running]:
    """Run the command without standard output, which the units discard. The process inherits the sockets."""
    address = folder / "notify"
    address.unlink(missing_ok=True)
    kept = [each.fileno() for each in sockets]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify, (folder / "stderr").open("wb") as errors:
        notify.bind(str(address))
        env = {**environment, "NOTIFY_SOCKET": str(address)}
        process = subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=errors, pass_fds=kept)
        try:
            yield Running(process, notify, folder / "stderr")
        finally:
            process.kill()
            process.wait()
