"""Helper processes beside the portal. Each reads commands, one per line, and replies to each with one line."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class Helper:
    """One helper process. It ends when its standard input closes, so it also ends with its parent."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.faults.{module}", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.port = int(self._read())

    def tell(self, line: str) -> str:
        """Send a command and return the reply."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._read()

    def end(self) -> None:
        """Kill the process."""
        self._process.kill()
        self._process.communicate()

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.end()
            raise RuntimeError("a helper has ended by itself")
        return line.strip()


def obey(port: int, do: Callable[[str], str]) -> None:
    """Run as a helper process: print the port, then execute each line until standard input ends."""
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(f"{do(line.strip())}\n")
        sys.stdout.flush()
