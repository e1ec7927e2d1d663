"""A value that each process reads from the database at most once a second."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

MAX_AGE = 1.0  # seconds; a change by another process takes effect no later than that


class CachedValue(Generic[Value]):
    """Keeps what `read` returned for `MAX_AGE`. Safe for threads."""

    def __init__(self, read: Callable[[], Value]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._kept: tuple[float, Value] | None = None

    def get(self) -> Value:
        """Return the value; read it first if the kept one is too old."""
        with self._lock:
            kept = self._kept
            if kept is None or time.monotonic() - kept[0] > MAX_AGE:
                value = self._read()
                self._kept = kept = (time.monotonic(), value)
            return kept[1]

    def forget(self) -> None:
        """Read the value again at the next call of `get`."""
        with self._lock:
            self._kept = None
