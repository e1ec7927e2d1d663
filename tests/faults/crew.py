"""The portal's processes. They are killed without warning, and restarted as by a service manager."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.helpers import ROOT
from tests.faults.journal import Journal

PAUSE = 2.0  # seconds until a process that ended is restarted


@dataclass
class _Member:
    command: Sequence[str]
    process: "subprocess.Popen[bytes]"
    again_at: float = field(default=float("inf"))


class Crew:
    """Processes by name. Each writes its log to the folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str], journal: Journal) -> None:
        self._folder, self.environment, self._journal = folder, environment, journal
        self._members: dict[str, _Member] = {}

    def run(self, *arguments: str) -> None:
        """Run Python until it ends. Raise `AssertionError` if it failed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def start(self, name: str, *arguments: str) -> None:
        """Start Python with these arguments."""
        command = [sys.executable, *arguments]
        self._members[name] = _Member(command, self._spawn(name, command))

    def kill(self, name: str) -> bool:
        """Kill a process and its children with SIGKILL. Return whether it was running. It restarts after a pause."""
        member = self._members[name]
        if member.process.poll() is not None:
            return False
        self._end(member)
        self._journal.write(kind="kill", target=name)
        member.again_at = time.monotonic() + PAUSE
        return True

    def tend(self) -> None:
        """Restart the processes whose pause is over. Record in the journal if a process ended by itself."""
        for name, member in self._members.items():
            if member.again_at == float("inf") and member.process.poll() is not None:
                self._journal.write(kind="ended by itself", target=name, code=member.process.returncode)
                member.again_at = time.monotonic() + PAUSE
            if time.monotonic() >= member.again_at:
                member.process, member.again_at = self._spawn(name, member.command), float("inf")

    def end(self) -> None:
        """End all processes."""
        for member in self._members.values():
            self._end(member)

    def has_said(self, name: str, words: str) -> bool:
        """Return whether the log of this process contains the words."""
        return words in (self._folder / f"{name}.log").read_text(errors="replace")

    def _spawn(self, name: str, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        with (self._folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _end(self, member: _Member) -> None:
        with suppress(ProcessLookupError):
            os.killpg(member.process.pid, signal.SIGKILL)
        member.process.wait()
        if member.process.stdin is not None:
            member.process.stdin.close()
