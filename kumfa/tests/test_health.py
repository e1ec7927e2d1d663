"""/healthz reports that the process is alive, /readyz that it can do its work."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from kumfa.settings import connections

GOOD = {"database": True, "clock": True, "broker": True, "cache": True}


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
    assert (response.status_code, response.json()) == (200, GOOD)
    assert not response.cookies


@pytest.mark.parametrize("scheme", ["amqp://guest:guest@", "redis://"])
def test_asvs_13_2_6_a_broker_that_refuses_is_told_quickly(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", f"{scheme}127.0.0.1:{free_port()}//")
    begin = time.monotonic()
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {**GOOD, "broker": False})
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
    assert (response.status_code, response.json()) == (503, {**GOOD, "database": False, "clock": False})
    assert b"example" not in response.content


def test_a_process_whose_database_fails_is_alive(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_by_address_over_plain_http_is_answered(
    client: Client, db: None, settings: Settings, path: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["mfa.ku.dk"]
    response = client.get(path, headers={"Host": "10.0.0.7"})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no standby")
def test_a_database_that_takes_no_writes_is_told(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] is False


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has this machine's clock")
@pytest.mark.parametrize(("seconds", "status"), [(20, 200), (-20, 200), (40, 503), (-40, 503)])
def test_a_clock_that_differs_from_the_databases_is_told(
    client: Client, db: None, time_machine: TimeMachineFixture, seconds: int, status: int
) -> None:
    time_machine.move_to(timezone.now() + timedelta(seconds=seconds))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["clock"]) == (status, status == 200)


def test_a_cache_that_is_down_is_told_and_work_goes_on(client: Client, db: None, settings: Settings) -> None:
    settings.CACHE_URL = f"redis://127.0.0.1:{free_port()}/0"
    settings.CACHES = {"default": connections.cache(settings.CACHE_URL)}
    response = client.get("/readyz")
    assert (response.status_code, response.json()["cache"]) == (200, False)


def test_a_head_request_gets_no_body_and_the_same_length(client: Client) -> None:
    answered = client.get("/healthz")
    head = client.head("/healthz")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(answered.content))
