"""A database, cache or broker on another machine is refused unless its certificate is verified."""

import pytest
from django.core.checks import CheckMessage
from pytest_django.fixtures import Settings

from kumfa.checks.transport import servers_are_verified
from kumfa.settings import connections


def found(settings: Settings, monkeypatch: pytest.MonkeyPatch, **urls: str) -> list[CheckMessage]:
    """Return what the check says about these URLs, and about services on this machine otherwise."""
    database = connections.database(urls.get("DATABASE_URL", "postgres://localhost/kumfa"), 1)
    monkeypatch.delenv("PGSSLMODE", raising=False)
    settings.DEBUG = False
    settings.CACHE_URL = urls.get("CACHE_URL", "redis://[::1]:6379/0")
    settings.CELERY_BROKER_URL = urls.get("CELERY_BROKER_URL", "amqp://127.0.0.1//")
    settings.EMAIL_HOST = "localhost"
    with monkeypatch.context() as patch:
        for name, value in database.items():
            patch.setitem(settings.DATABASES["default"], name, value)
        patch.setitem(settings.CACHES["default"], "OPTIONS", connections.cache(settings.CACHE_URL)["OPTIONS"])
        return servers_are_verified()


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("DATABASE_URL", "postgres://db.example.org/kumfa"),
        ("DATABASE_URL", "postgres://db.example.org/kumfa?sslmode=require"),
        ("DATABASE_URL", "postgres://localhost:5432,db.example.org:5432/kumfa"),
        ("CACHE_URL", "redis://10.0.0.7:6379/0"),
        ("CACHE_URL", "rediss://user:pw@10.0.0.7:6379/0?ssl_cert_reqs=none"),
        ("CACHE_URL", "rediss://10.0.0.7:6379/0?ssl_check_hostname=false"),
        ("CELERY_BROKER_URL", "amqp://broker.example.org//"),
        ("CELERY_BROKER_URL", "amqps://broker.example.org//;amqp://second.example.org//"),
        ("CELERY_BROKER_URL", "redis://broker.example.org/1"),
    ],
)
def test_a_service_elsewhere_without_verified_tls_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, variable: str, url: str
) -> None:
    (message,) = found(settings, monkeypatch, **{variable: url})
    assert message.is_serious()
    assert message.msg.startswith(f"{variable} is on another machine")


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("DATABASE_URL", "postgres://db.example.org/kumfa?sslmode=verify-full&sslrootcert=/ca.pem"),
        ("DATABASE_URL", "postgres:////var/run/postgresql/kumfa"),
        ("CACHE_URL", "rediss://10.0.0.7:6379/0?ssl_ca_certs=/ca.pem"),
        ("CELERY_BROKER_URL", "amqps://broker.example.org//"),
        ("CELERY_BROKER_URL", "rediss://broker.example.org/1"),
    ],
)
def test_verified_tls_and_this_machine_are_accepted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, variable: str, url: str
) -> None:
    assert found(settings, monkeypatch, **{variable: url}) == []


def test_mail_that_leaves_in_clear_is_a_warning(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(settings, monkeypatch) == []
    settings.EMAIL_HOST = "mail.example.org"
    assert [message.id for message in servers_are_verified()][-1] == "kumfa.W035"
    settings.EMAIL_USE_TLS = True
    assert "kumfa.W035" not in [message.id for message in servers_are_verified()]
