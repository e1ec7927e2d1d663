"""/healthz reports that the process is alive, /readyz that it can do its work."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Yield a port that accepts connections and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(5)
        yield server.getsockname()[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_process_that_serves_requests_is_alive(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert not response.cookies


def test_a_portal_that_reaches_its_services_is_ready(client: Client, db: None) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": True, "broker": True})
    assert not response.cookies


@pytest.mark.parametrize("scheme", ["amqp://guest:guest@", "redis://"])
def test_asvs_13_2_6_a_broker_that_refuses_is_told_quickly(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", f"{scheme}127.0.0.1:{free_port()}//")
    begin = time.monotonic()
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": True, "broker": False})
    assert time.monotonic() - begin < 5


def test_asvs_13_2_6_a_broker_that_is_silent_is_told_quickly(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, silent_port: int
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", f"amqp://guest:guest@127.0.0.1:{silent_port}//")
    begin = time.monotonic()
    assert client.get("/readyz").status_code == 503
    assert time.monotonic() - begin < 5


def test_asvs_13_2_6_a_database_that_fails_is_told(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any) -> None:
        raise ConnectionError("could not connect to server db.example.org")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", fails)
        response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": False, "broker": True})
    assert b"example" not in response.content


def test_a_process_whose_database_fails_is_alive(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
