"""Whether this process can reach any gateway.

A worker that has lost its network fails fast, and would take messages from the workers that can send them. It gives
them back instead, and tries one of them now and then.
"""

import os
import socket
import threading
import time

FAILURES = 3  # in a row, over all gateways, until the process believes that its own network is down
TRIAL_EVERY = 2.0  # seconds


class OwnNetwork:
    """Counts the requests of this process that could not leave it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._trial_at = 0.0

    def note(self, *, reached: bool) -> None:
        """Record whether a request reached a gateway."""
        with self._lock:
            self._failures = 0 if reached else self._failures + 1
            if self._failures == FAILURES:
                self._trial_at = time.monotonic() + TRIAL_EVERY

    def may_send(self) -> bool:
        """Return whether the process should try to send: always, or as a trial while its network seems down."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if time.monotonic() < self._trial_at:
                return False
            self._trial_at = time.monotonic() + TRIAL_EVERY
            return True

    @property
    def is_down(self) -> bool:
        """Whether the process believes that its own network is down."""
        return self._failures >= FAILURES

    def forget(self) -> None:
        """Start afresh."""
        with self._lock:
            self._failures = 0


own_network = OwnNetwork()


def worker_name() -> str:
    """Return the name of this process, for its attempts."""
    return f"{socket.gethostname()[:50]}:{os.getpid()}"
