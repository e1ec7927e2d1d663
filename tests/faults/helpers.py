"""Processes of ours that stand beside the portal and are told by lines what to do, and answer each with a line."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class Helper:
    """One such process. It ends when its standard input does, so also with its parent."""

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
        """Tell it, and return what it answers."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._read()

    def end(self) -> None:
        """End it."""
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
    """Be such a process: say the port, then do what each line says until there are no more."""
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(f"{do(line.strip())}\n")
        sys.stdout.flush()
