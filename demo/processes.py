"""Groups of child processes that start and end together."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

GRACE = 10.0


@dataclass(frozen=True)
class Process:
    """A command and its environment."""

    command: Sequence[str]
    env: Mapping[str, str] = field(repr=False)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the process in its own process group, so that Ctrl-C reaches it only through its parent."""
        return subprocess.Popen(self.command, env=self.env, start_new_session=True)  # noqa: S603 - fixed words


class Group:
    """Chains of child processes that end together.

    The next process of a chain starts when the previous one succeeds. Each has its own process group, and `run` ends
    them all. The first chain starts alone; the others follow when `ready` returns True, or after `GRACE` seconds.
    """

    def __init__(self, chains: Sequence[Sequence[Process]], ready: Callable[[], bool] = lambda: True) -> None:
        self._waiting = [list(chain) for chain in chains]
        self._ready = ready
        self._children: list[subprocess.Popen[bytes]] = []
        self._stopping = False

    def run(self) -> int:
        """Run until a signal or the end of a chain. Return 0 after a signal, else the child's exit code, at least 1."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            self._children = [self._waiting[0].pop(0).start()]
            alone_until = time.monotonic() + GRACE
            while not self._stopping:
                if len(self._children) == 1 and (self._ready() or time.monotonic() > alone_until):
                    self._children += [chain.pop(0).start() for chain in self._waiting[1:]]
                for place, child in enumerate(self._children):
                    if child.poll() is None:
                        continue
                    if child.returncode or not self._waiting[place]:
                        sys.stderr.write(f"{child.args!r} ended by itself with {child.returncode}.\n")
                        return child.returncode or 1
                    self._children[place] = self._waiting[place].pop(0).start()
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
