"""Checks of external services, for `check --deploy`: each service is contacted, and each key is tried."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.cache import caches
from django.core.checks import CheckMessage, Error, register
from django.core.mail import get_connection
from django.db import connections

from audit.models import EventSeal
from audit.sealing import hash_chain
from common import encryption
from kumfa.celery import app
from kumfa.logs.redaction import redact_error
from mfa_sms import gateways
from mfa_sms.gateways import reachability
from mfa_totp.models import AuthenticatorApp
from sso.models import SigningKey

_PATIENCE = 3  # seconds for one service
_TRIED = 100  # keys of apps, of the oldest and of the newest


@register(deploy=True)
def services_answer(**kwargs: Any) -> list[CheckMessage]:
    """Contact every service that the settings name, and try every key on what it protects.

    `CHECK_SERVICES=0` omits this, for a machine that reaches none of them.
    """
    if settings.DEBUG:
        return [Error("DEBUG is on: every code is on a page that anyone can open.", id="kumfa.E036")]
    if not settings.CHECK_SERVICES:
        return []
    checks: tuple[Callable[[], Iterator[CheckMessage]], ...] = (_database, _cache, _broker, _mail, _gateways, _files)
    return [message for check in checks for message in check()]


def _database() -> Iterator[CheckMessage]:
    connection = connections["default"]
    try:
        connection.ensure_connection()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SHOW transaction_read_only")
                if cursor.fetchone() == ("on",):
                    yield Error("DATABASE_URL leads to a server that takes no writes.", id="kumfa.E038")
        yield from _keys(set(connection.introspection.table_names()))
    except Exception as error:
        yield _silent(37, "DATABASE_URL", "the database", error)


def _keys(tables: set[str]) -> Iterator[CheckMessage]:
    """Try each key on existing rows. Before the first `migrate` there are no rows."""
    if SigningKey._meta.db_table in tables:
        private = SigningKey.objects.values_list("private", flat=True)
        yield from _decrypts("SSO_KEY_SECRETS", private, "signing keys")
    if AuthenticatorApp._meta.db_table in tables:
        rows = AuthenticatorApp.objects.values_list("encrypted_key", flat=True)
        tried = [*rows.order_by("pk")[:_TRIED], *rows.order_by("-pk")[:_TRIED]]
        yield from _decrypts("TOTP_KEY_SECRETS", tried, "keys of authenticator apps")
    if EventSeal._meta.db_table in tables:
        newest = EventSeal.objects.order_by("-pk").first()
        if newest is not None and not hash_chain.knows_key(newest):
            said = "EVENT_SEAL_KEYS lacks the key of the newest seal: the audit log cannot be verified."
            yield Error(said, id="kumfa.E041")


def _decrypts(variable: str, encrypted: Any, what: str) -> Iterator[CheckMessage]:
    secrets = getattr(settings, variable)
    bad = 0
    for value in encrypted:
        try:
            encryption.decrypt(bytes(value), secrets)
        except InvalidToken:
            bad += 1
    if bad:
        yield Error(f"{variable} lacks the secret of {bad} of the {what} that were tried.", id="kumfa.E040")


def _cache() -> Iterator[CheckMessage]:
    try:
        caches["default"].set("kumfa.check", 1, timeout=_PATIENCE)
        if caches["default"].get("kumfa.check") != 1:
            yield Error("CACHE_URL: the cache does not keep what it is given.", id="kumfa.E043")
    except Exception as error:
        yield _silent(42, "CACHE_URL", "the cache", error)


def _broker() -> Iterator[CheckMessage]:
    try:
        with app.connection_for_write(connect_timeout=_PATIENCE) as broker:
            broker.ensure_connection(max_retries=1, timeout=_PATIENCE)
    except Exception as error:
        yield _silent(44, "CELERY_BROKER_URL", "the broker", error)


def _mail() -> Iterator[CheckMessage]:
    try:
        with get_connection(timeout=_PATIENCE):
            pass
    except Exception as error:
        yield _silent(45, "EMAIL_URL", "the mail server", error)


def _gateways() -> Iterator[CheckMessage]:
    for position, url in enumerate(settings.SMS_GATEWAYS, start=1):
        try:
            gateway = gateways.from_url(url)
        except gateways.BadGatewayUrl:
            continue  # another check names it
        if not reachability.answers(gateway):
            said = f"SMS_GATEWAYS, entry {position}: {gateway.slug!r} does not answer."
            yield Error(said, id="kumfa.E046")


def _files() -> Iterator[CheckMessage]:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        said = "STATIC_ROOT has no collected files: run `manage.py collectstatic`, or pages have no style."
        yield Error(said, id="kumfa.E047")


def _silent(number: int, variable: str, what: str, error: Exception) -> CheckMessage:
    """Return the error with the masked first line of what the library says."""
    lines = redact_error(str(error)).strip().splitlines()
    why = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return Error(f"{variable}: {what} does not answer ({why}).", id=f"kumfa.E{number:03}")
