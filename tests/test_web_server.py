"""The web server, started with the command of its systemd unit: its headers, and clients that send nothing more."""

import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.kannel.portal import PATIENCE, ROOT, Portal

SLOW = (
    b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\naccount_name=s"
)


def command(port: int) -> list[str]:
    """Return the command of the unit, with this Python and another port."""
    text = (ROOT / "docs/systemd/kumfa-web.service").read_text(encoding="utf-8")
    words = shlex.split(re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)[0])
    assert words[0].endswith("/gunicorn")
    words[words.index("--bind") + 1] = f"127.0.0.1:{port}"
    return [sys.executable, "-m", "gunicorn", *words[1:]]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Start the web server on a database of its own."""
    folder: Path = tmp_path_factory.mktemp("web")
    portal = Portal(folder, f"file://{folder}/messages.jsonl")
    portal.start(command)
    yield portal
    portal.stop()


def answer(web: Portal, path: str) -> tuple[int, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", web.port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, dict(response.getheaders())
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/sign-in/", "/static/css/portal.css", "/nowhere/", "/healthz"])
def test_asvs_13_4_6_no_header_names_the_server(web: Portal, path: str) -> None:
    _status, headers = answer(web, path)
    assert "Server" not in headers
    assert "gunicorn" not in str(headers).lower()
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_url_of_8_kilobytes_is_served(web: Portal) -> None:
    longest = 8190 - len("GET  HTTP/1.1")
    assert answer(web, "/sign-in/?".ljust(longest, "x"))[0] == 200


def test_clients_that_stop_sending_do_not_keep_the_threads(web: Portal) -> None:
    threads = int(command(0)[command(0).index("--threads") + 1]) * int(command(0)[command(0).index("--workers") + 1])
    idle = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(threads * 2)]
    try:
        for client in idle:
            client.sendall(SLOW)
        begin = time.monotonic()
        assert answer(web, "/sign-in/")[0] == 200
        assert time.monotonic() - begin < PATIENCE
    finally:
        for client in idle:
            client.close()


def test_the_unit_starts_in_the_folder_with_the_settings_of_gunicorn() -> None:
    text = (ROOT / "docs/systemd/kumfa-web.service").read_text(encoding="utf-8")
    assert "WorkingDirectory=/opt/kumfa\n" in text
    assert "--config" not in text
    assert (ROOT / "gunicorn.conf.py").exists()
    assert subprocess.run([*command(0), "--check-config"], cwd=ROOT, check=False, capture_output=True).returncode == 0
