"""`check --deploy` contacts each service and tries each key, and names the variable of each failure."""

import socket
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from common import encryption
from kumfa.checks import services
from kumfa.tests import test_production
from mfa_totp.models import AuthenticatorApp
from sso import keys
from sso.models import SigningKey
from tests.databases import copy_sqlite_template


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_every_service_that_does_not_answer_is_named(tmp_path: Path) -> None:
    host = f"127.0.0.1:{closed_port()}"
    env = test_production.environment(
        tmp_path,
        CHECK_SERVICES="1",
        DATABASE_URL=f"postgres://kumfa:hemmelig@{host}/kumfa",
        CACHE_URL=f"redis://:hemmelig@{host}/0",
        CELERY_BROKER_URL=f"amqp://kumfa:hemmelig@{host}//",
        EMAIL_URL=f"smtp://kumfa:hemmelig@{host}",
        SMS_GATEWAYS=f"kannel://kumfa:hemmelig@{host}",
    )
    done = test_production.run("manage.py", "check", "--deploy", env=env)
    assert done.returncode == 1
    for variable in ("DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL", "EMAIL_URL", "SMS_GATEWAYS, entry 1"):
        assert f") {variable}:" in done.stderr, variable
    assert ") STATIC_ROOT has no collected files" in done.stderr
    assert "hemmelig" not in done.stderr


def test_a_laptop_is_no_deployment(tmp_path: Path) -> None:
    env = test_production.environment(tmp_path, SECRET_KEY="", DEBUG="1", PORTAL_URL="", ALLOWED_HOSTS="")
    env["TRUSTED_PROXIES"] = ""
    env["DATABASE_URL"] = f"sqlite:///{tmp_path}/db.sqlite3"
    copy_sqlite_template(tmp_path / "db.sqlite3")
    done = test_production.run("manage.py", "check", "--deploy", env=env)
    assert done.returncode == 1
    assert "(kumfa.E036) DEBUG is on" in done.stderr


def found() -> list[str]:
    """Return what the check says about the database and the keys."""
    return [str(message.msg) for message in services._database()]


def test_keys_that_open_what_is_stored_pass(settings: Settings, student: object, db: None) -> None:
    keys.rotate(SigningKey.Use.OIDC)
    AuthenticatorApp.objects.create(user=student, encrypted_key=encryption.encrypt(b"k", settings.TOTP_KEY_SECRETS))
    assert found() == []


def test_a_lost_secret_of_signing_keys_is_named(settings: Settings, db: None) -> None:
    keys.rotate(SigningKey.Use.OIDC)
    settings.SSO_KEY_SECRETS = ["another" * 8]
    assert found() == ["SSO_KEY_SECRETS lacks the secret of 1 of the signing keys that were tried."]


def test_a_lost_secret_of_apps_is_named(settings: Settings, student: object, db: None) -> None:
    AuthenticatorApp.objects.create(user=student, encrypted_key=encryption.encrypt(b"k", settings.TOTP_KEY_SECRETS))
    settings.TOTP_KEY_SECRETS = ["another" * 8]
    (said,) = found()
    assert said.startswith("TOTP_KEY_SECRETS lacks the secret of ")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no standby")
def test_a_database_that_takes_no_writes_is_named(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert "DATABASE_URL leads to a server that takes no writes." in found()
