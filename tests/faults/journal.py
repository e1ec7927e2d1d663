"""Events with their times, as lines of JSON. One process writes them, and another may read them at any time."""

import json
import threading
import time
from pathlib import Path
from typing import Any


class Journal:
    """One file. Each line is written whole and at once, so that it survives a kill of its writer."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def write(self, **entry: Any) -> float:
        """Add an entry. Return its time in seconds since the epoch."""
        at = time.time()
        with self._lock:
            self._file.write(json.dumps({"at": at, **entry}) + "\n")
        return at

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read(path: Path) -> list[dict[str, Any]]:
    """Return all entries, oldest first."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
