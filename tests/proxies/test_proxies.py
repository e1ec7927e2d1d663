"""The portal behind nginx and Apache, configured as docs/proxies says: TLS, redirects, addresses and request ids."""

import ssl
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address
from typing import Any

import pytest
from cryptography import x509

from kumfa.tests import test_production
from kumfa.tests.test_connections import certificate
from tests.apache import APACHE
from tests.databases import copy_sqlite_template
from tests.proxies.servers import NGINX, Proxy, free_port, running
from tests.units import unit

pytestmark = pytest.mark.broker
HOST = "mfa.ku.dk"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, unit.Running]]:
    """Run the web server of the unit in the settings of production, on a database of its own."""
    folder = tmp_path_factory.mktemp("portal")
    copy_sqlite_template(folder / "db.sqlite3")
    env = test_production.environment(
        folder,
        DATABASE_URL=f"sqlite:///{folder}/db.sqlite3",
        CACHE_URL="locmemcache://",
        CELERY_BROKER_URL="filesystem://localhost",
    )
    assert test_production.run("manage.py", "collectstatic", "--noinput", env=env).returncode == 0
    port = free_port()
    words = unit.command("kumfa-web.service", folder)
    words[words.index("--bind") + 1] = f"127.0.0.1:{port}"
    with unit.running(words, env, folder) as web:
        web.wait_until_ready()
        yield port, web


@pytest.fixture(scope="module", params=["nginx", "apache"])
def proxy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, portal: tuple[int, unit.Running]
) -> Iterator[Proxy]:
    if not {"nginx": NGINX, "apache": APACHE}[request.param]:
        pytest.skip(f"no {request.param} (Debian: nginx-light, apache2)")
    folder = tmp_path_factory.mktemp(request.param)
    certificate(folder / "certificate.pem", x509.IPAddress(IPv4Address("127.0.0.1")))
    with running(request.param, folder, portal[0]) as proxy:
        yield proxy


def ask(proxy: Proxy, path: str, *, secure: bool = True, **headers: str) -> HTTPResponse:
    """Return the answer of the proxy."""
    context = ssl.create_default_context(cafile=proxy.certificate) if secure else None
    connection: Any = (
        HTTPSConnection("127.0.0.1", proxy.https, timeout=60, context=context)
        if secure
        else HTTPConnection("127.0.0.1", proxy.http, timeout=60)
    )
    connection.request("GET", path, headers={"Host": HOST, **headers})
    response: HTTPResponse = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_a_page_is_served_over_tls_and_the_proxys_request_id_is_kept(proxy: Proxy) -> None:
    response = ask(proxy, "/sign-in/")
    assert response.status == 200
    assert response.headers["Strict-Transport-Security"]
    assert len(response.headers["X-Request-ID"]) > 8  # a reference is shorter


def test_plain_http_is_led_to_https_once(proxy: Proxy) -> None:
    response = ask(proxy, "/help/", secure=False)
    assert response.status == 301
    assert response.headers["Location"] == f"https://{HOST}/help/"


def test_metrics_and_readiness_are_not_public(proxy: Proxy) -> None:
    assert ask(proxy, "/healthz").status == 200
    for path in ("/metrics", "/readyz"):
        assert ask(proxy, path).status in (403, 404)


def test_a_proxy_that_does_not_say_how_its_client_came_is_told(portal: tuple[int, unit.Running]) -> None:
    port, web = portal
    response = ask(Proxy(port), "/sign-in/", secure=False)
    assert response.status == 502
    line = web.wait_for("X-Forwarded-Proto is missing")
    assert line["level"] == "ERROR"


def test_probes_answer_by_address_and_without_the_proxys_headers(portal: tuple[int, unit.Running]) -> None:
    port, _web = portal
    for path, status in (("/healthz", 200), ("/metrics", 404)):
        assert ask(Proxy(port), path, secure=False, Host="10.0.0.7").status == status
    assert ask(Proxy(port), "/readyz", secure=False, Host="10.0.0.7").status == 200
