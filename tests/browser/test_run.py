"""`manage.py run` ends every process that it started, and names the reason if it cannot start."""

import fcntl
import os
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from kumfa.settings import BASE_DIR
from tests.browser.people import wait_for
from tests.browser.portal import PortalProcess

_PROC = Path("/proc")


def processes_of(var: Path) -> list[str]:
    """Return the command lines of all processes whose `VAR_DIR` is this folder."""
    found = []
    for process in _PROC.glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # the process ended, or belongs to another user
        if f"VAR_DIR={var}".encode() in environment:
            found.append(command)
    return found


def is_running(var: Path, part: str) -> bool:
    """Return whether a process of the folder has this text in its command line."""
    return any(part in command for command in processes_of(var))


@pytest.mark.skipif(not _PROC.exists(), reason="no /proc to look for processes in")
@pytest.mark.parametrize(("options", "last"), [(("--empty",), " beat "), ((), " fill_history ")])
def test_ctrl_c_ends_all_processes(tmp_path: Path, options: tuple[str, ...], last: str) -> None:
    demo = {"SMS_GATEWAYS": f"demo://{tmp_path}/messages.jsonl"}
    process = PortalProcess(tmp_path, demo, is_first_start=True, options=options)
    process.start()
    for part in ("gunicorn", " worker ", " run_operator ", last):
        wait_for(partial(is_running, tmp_path, part), part)
    assert process.stop() == 0
    wait_for(lambda: not processes_of(tmp_path), "the end of all processes")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", process.port))
    assert "Traceback" not in process.output.read_text()


def test_a_taken_port_is_said_and_nothing_is_started(tmp_path: Path) -> None:
    environment = {**PortalProcess(tmp_path).env, "VAR_DIR": str(tmp_path), "ENV_FILE": os.devnull}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "manage.py", "run", "--port", str(port)]
        done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert f"Port {port} is taken" in done.stderr
    assert "Choose another" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "kumfa.sqlite3").exists()


def test_a_second_portal_on_the_same_files_is_refused(tmp_path: Path) -> None:
    environment = {**PortalProcess(tmp_path).env, "VAR_DIR": str(tmp_path), "ENV_FILE": os.devnull}
    with (tmp_path / "run.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "manage.py", "run", "--port", "8001"]
        done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert f"A portal already runs on the files in {tmp_path}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "kumfa.sqlite3").exists()
