"""Connections to database, cache and broker: the options of their URLs apply, and TLS verifies the server."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.cache.backends.redis import RedisCache
from django.utils import timezone

from kumfa.celery import app
from kumfa.settings import connections


def certificate(path: Path, host: x509.GeneralName) -> Path:
    """Write a certificate for the host, and its key. No system trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sample")])
    begin = timezone.now() - timedelta(days=1)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(days=2))
    builder = builder.add_extension(x509.SubjectAlternativeName([host]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + builder.sign(key, hashes.SHA256()).public_bytes(pem))
    return path


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate for the address of this machine."""
    host = x509.IPAddress(IPv4Address("127.0.0.1"))
    return certificate(tmp_path_factory.mktemp("tls") / "this.pem", host)


class TlsServer:
    """A server that shakes hands and then hangs up."""

    def __init__(self, certificate: Path) -> None:
        self._handshakes: list[bool] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._socket.accept()
                self._shake_hands(client)

    def _shake_hands(self, client: socket.socket) -> None:
        client.settimeout(10)
        try:
            with closing(self._context.wrap_socket(client, server_side=True)) as secured:
                # In TLS 1.3 a client refuses the certificate after the server's side of the handshake.
                self._handshakes.append(bool(secured.recv(1)))
        except OSError:
            self._handshakes.append(False)
        finally:
            client.close()

    def handshakes(self) -> list[bool]:
        """End the server. Return for each client whether it accepted the certificate."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        return self._handshakes


@pytest.fixture
def server(authority: Path) -> Iterator[TlsServer]:
    server = TlsServer(authority)
    yield server
    server.handshakes()


def connect_to_broker(url: str, authorities: str) -> None:
    """Try to connect, and ignore that the server hangs up."""
    tls = connections.broker_tls(url, authorities, "", "")
    with suppress(Exception), app.connection(url, ssl=tls, connect_timeout=5) as broker:
        broker.ensure_connection(max_retries=1, timeout=5)
        broker.default_channel.client.ping()  # type: ignore[attr-defined]


@pytest.mark.parametrize("scheme", ["amqps", "rediss"])
def test_a_broker_whose_certificate_nobody_signed_is_refused(server: TlsServer, scheme: str) -> None:
    connect_to_broker(f"{scheme}://127.0.0.1:{server.port}/", "")
    assert set(server.handshakes()) == {False}


@pytest.mark.parametrize("scheme", ["amqps", "rediss"])
def test_a_broker_with_a_certificate_of_the_named_authority_is_accepted(
    server: TlsServer, authority: Path, scheme: str
) -> None:
    connect_to_broker(f"{scheme}://127.0.0.1:{server.port}/", str(authority))
    assert True in server.handshakes()


@pytest.mark.parametrize("scheme", ["amqps", "rediss"])
def test_a_broker_under_another_name_than_its_certificates_is_refused(tmp_path: Path, scheme: str) -> None:
    other = certificate(tmp_path / "other.pem", x509.DNSName("broker.example.org"))
    server = TlsServer(other)
    connect_to_broker(f"{scheme}://127.0.0.1:{server.port}/", str(other))
    assert set(server.handshakes()) == {False}


def test_a_broker_without_tls_has_no_tls_settings() -> None:
    assert connections.broker_tls("amqp://127.0.0.1//", "", "", "") is None


def test_options_in_the_url_of_the_database_reach_libpq() -> None:
    url = "postgres://kumfa:pw@a:5432,b:5433/kumfa?sslmode=verify-full&sslrootcert=/ca.pem&target_session_attrs=read-write"
    settings = connections.database(url, 7)
    assert (settings["HOST"], settings["PORT"]) == ("a,b", "5432,5433")
    options = settings["OPTIONS"]
    assert options["sslmode"] == "verify-full"
    assert options["sslrootcert"] == "/ca.pem"
    assert options["target_session_attrs"] == "read-write"
    assert options["pool"]["max_size"] == 7


@pytest.mark.parametrize(("word", "value"), [("true", True), ("False", False)])
def test_a_switch_in_the_url_of_the_database_is_no_text(word: str, value: bool) -> None:
    settings = connections.database(f"postgres://a/kumfa?disable_server_side_cursors={word}", 1)
    assert settings["DISABLE_SERVER_SIDE_CURSORS"] is value


def test_a_cache_whose_certificate_nobody_signed_is_refused(server: TlsServer) -> None:
    settings = connections.cache(f"rediss://127.0.0.1:{server.port}/0?socket_timeout=5")
    with suppress(Exception):
        RedisCache(settings["LOCATION"], settings).get("x")
    assert set(server.handshakes()) == {False}


def test_a_cache_with_a_certificate_of_the_named_authority_is_accepted(server: TlsServer, authority: Path) -> None:
    settings = connections.cache(f"rediss://127.0.0.1:{server.port}/0?ssl_ca_certs={authority}&socket_timeout=5")
    with suppress(Exception):
        RedisCache(settings["LOCATION"], settings).get("x")
    assert True in server.handshakes()


def test_a_cache_that_is_slow_still_costs_little() -> None:
    assert connections.cache("redis://127.0.0.1/0?ssl_check_hostname=false")["OPTIONS"] == {
        "socket_connect_timeout": 0.5,
        "socket_timeout": 0.5,
        "ssl_check_hostname": False,
    }


def test_a_prefix_of_the_caches_keys_applies() -> None:
    assert connections.cache("redis://127.0.0.1/0?key_prefix=kumfa")["KEY_PREFIX"] == "kumfa"
