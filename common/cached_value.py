"""A value that each process reads from the database at most once a second, or at another interval."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

MAX_AGE = 1.0  # seconds; the longest delay before a change by another process takes effect


class CachedValue(Generic[Value]):
    """Caches the result of `read` for `max_age` seconds; by default for `MAX_AGE`. Thread-safe."""

    def __init__(self, read: Callable[[], Value], max_age: float | None = None) -> None:
        self._read = read
        self._max_age = max_age
        self._lock = threading.Lock()
        self._kept: tuple[float, Value] | None = None

    def get(self) -> Value:
        """Return the value. Read it first if the cached one is too old."""
        with self._lock:
            kept = self._kept
            if kept is None or time.monotonic() - kept[0] > (self._max_age or MAX_AGE):
                value = self._read()
                self._kept = kept = (time.monotonic(), value)
            return kept[1]

    def forget(self) -> None:
        """Discard the cached value, so that the next call of `get` reads it."""
        with self._lock:
            self._kept = None
