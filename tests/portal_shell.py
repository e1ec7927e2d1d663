"""A process with the portal's settings that runs pieces of Python code for tests.

One process serves all calls for the same portal, because loading the portal takes seconds.
"""

import atexit
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import IO

import django
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent


class PortalShell:
    """Runs Python code with the environment variables of a portal."""

    def __init__(self, env: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.portal_shell"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, code: str) -> None:
        """Run the code. Fail with its traceback if it raises."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(code) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"the shell ended with {self._process.wait(10)}"
        error = json.loads(answer)
        assert not error, error

    def end(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


_shells: dict[tuple[tuple[str, str], ...], PortalShell] = {}


def run_in_portal(env: dict[str, str], code: str) -> None:
    """Run Python code with the settings of the portal that has these environment variables."""
    key = tuple(sorted(env.items()))
    if key not in _shells:
        _shells[key] = PortalShell(env)
        atexit.register(_shells[key].end)
    _shells[key].run(code)


def _serve(lines: IO[str], answers: IO[str]) -> None:
    django.setup()
    for line in lines:
        error = ""
        try:
            exec(json.loads(line), {})  # noqa: S102 - the code of a test
        except Exception:
            error = traceback.format_exc()
        connections.close_all()
        answers.write(json.dumps(error) + "\n")
        answers.flush()


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the code prints must not be taken for an answer
    _serve(sys.stdin, answers)
