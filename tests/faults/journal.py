"""What happened and when, as lines of JSON: written by one process, read by another at any time."""

import json
import threading
import time
from pathlib import Path
from typing import Any


class Journal:
    """One file. Each line is written whole and at once, so that it outlives its writer."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def write(self, **entry: Any) -> float:
        """Add an entry; return its time, seconds since the epoch."""
        at = time.time()
        with self._lock:
            self._file.write(json.dumps({"at": at, **entry}) + "\n")
        return at

    def close(self) -> None:
        """End it."""
        self._file.close()


def read(path: Path) -> list[dict[str, Any]]:
    """Return every entry so far, oldest first."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
