"""Each unit of docs/systemd, started by its own command, does what the documents say."""

import shutil
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest
from celery import Celery

from audit.log import write_event
from audit.models import EventSeal
from common.client_info import ClientInfo
from sign_in.events import PASSWORD_ACCEPTED
from tests.units.unit import FOLDER, Running, command, directives, running

pytestmark = pytest.mark.broker
INHERIT = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""
SERVICES = sorted(path.name for path in FOLDER.glob("*.service"))


def ends_without_a_fault(unit: Running) -> None:
    """End the unit. Check that every line is JSON, that nothing failed, and that times are UTC."""
    assert unit.end() == 0, unit.text
    assert unit.lines()
    for line in unit.lines():
        assert {"time", "level", "logger", "text"} <= set(line)
        assert line["level"] == "INFO", line
        assert line["time"].endswith("+00:00")


def test_the_worker_of_housekeeping_logs_each_seal(production: dict[str, str], tmp_path: Path) -> None:
    write_event(PASSWORD_ACCEPTED, ClientInfo())
    prefix = production["TEST_QUEUE_PREFIX"]
    with running(command("kumfa-other.service", tmp_path, prefix), production, tmp_path) as unit:
        unit.wait_until_ready()
        with Celery(broker=production["CELERY_BROKER_URL"], set_as_current=False) as client:
            client.send_task("audit.seal_events", queue=f"{prefix}other")
        line = unit.wait_for("Sealed ")
        assert (line["level"], line["task"]) == ("INFO", "audit.seal_events")
        assert EventSeal.objects.count() == 1
        ends_without_a_fault(unit)


def test_the_worker_of_codes_starts_and_ends(production: dict[str, str], tmp_path: Path) -> None:
    prefix = production["TEST_QUEUE_PREFIX"]
    with running(command("kumfa-codes.service", tmp_path, prefix), production, tmp_path) as unit:
        unit.wait_until_ready()
        unit.wait_for("ready.")
        ends_without_a_fault(unit)


def test_beat_starts_and_ends(production: dict[str, str], tmp_path: Path) -> None:
    with running(command("kumfa-beat.service", tmp_path), production, tmp_path) as unit:
        unit.wait_until_ready()
        assert unit.end() == 0
        assert unit.lines() == []


def test_the_web_server_answers_and_a_restart_keeps_who_waits(production: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # As systemd does for kumfa-web.socket. The process inherits the socket as its descriptor 3.
        words = [sys.executable, "-c", INHERIT, str(listening.fileno()), *command("kumfa-web.service", tmp_path)]
        port = listening.getsockname()[1]
        with running(words, production, tmp_path, listening) as unit:
            unit.wait_until_ready()
            assert status(waiting(port)) == 200
            ends_without_a_fault(unit)
        early = waiting(port)  # while no server runs
        with running(words, production, tmp_path, listening) as unit:
            assert status(early) == 200
            ends_without_a_fault(unit)


def waiting(port: int) -> HTTPConnection:
    """Send a request, and return the connection that waits for its answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=90)
    connection.request("GET", "/healthz", headers={"Host": "mfa.ku.dk"})
    return connection


def status(connection: HTTPConnection) -> int:
    """Return the status of the answer."""
    response = connection.getresponse()
    connection.close()
    return response.status


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd")
@pytest.mark.parametrize("name", SERVICES)
def test_systemd_rates_the_unit_as_hardly_exposed(name: str) -> None:
    arguments = ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", str(FOLDER / name)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_the_unit_tells_systemd_when_it_is_ready_and_logs_to_the_journal(name: str) -> None:
    unit = dict(directives(name))
    assert unit["Type"] == "notify"
    assert (unit["StandardOutput"], unit["StandardError"]) == ("null", "journal")
