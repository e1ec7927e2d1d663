"""Several processes as one: started together, ended together."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

GRACE = 10.0


class Group:
    """Child processes that live and die together. Each has a process group of its own, so none outlives its parent."""

    def __init__(self, commands: Sequence[Sequence[str]], env: dict[str, str]) -> None:
        self._commands = commands
        self._env = env
        self._children: list[subprocess.Popen[bytes]] = []
        self._stopping = False

    def run(self) -> int:
        """Run until Ctrl-C, a SIGTERM, or the end of any child. Return 0 for the first two, else the child's code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            for command in self._commands:
                child = subprocess.Popen(command, env=self._env, start_new_session=True)  # noqa: S603 - fixed words
                self._children.append(child)
            while not self._stopping:
                for child in self._children:
                    if child.poll() is not None:
                        sys.stderr.write(f"{child.args!r} ended by itself with {child.returncode}.\n")
                        return child.returncode or 1
                time.sleep(0.2)
            return 0
        finally:
            self._end_all()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _end_all(self) -> None:
        for child in self._children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for child in self._children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
