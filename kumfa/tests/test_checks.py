"""System checks: each reports a variable that is not fit for production, and nothing else."""

from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from pytest_django.fixtures import Settings

from kumfa.checks.defaults import production_is_configured, sessions_stay_on_the_server

FIT: dict[str, Any] = {
    "DEBUG": False,
    "SECRET_KEY": "s" * 32,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "CELERY_BROKER_URL": "amqp://kumfa:sample@broker.example.org//",
    "CACHE_URL": "rediss://cache.example.org",
    "SECURE": True,
    "SMS_GATEWAYS": ["gatewayapi://sample@messaging.gatewayapi.eu"],
    "SMS_CODE_KEYS_CONFIGURED": True,
    "SMS_CODE_KEYS": ["k" * 32],
    "EVENT_SEAL_KEYS_CONFIGURED": True,
    "EVENT_SEAL_KEYS": ["e" * 32],
    "SSO_KEY_SECRETS_CONFIGURED": True,
    "SSO_KEY_SECRETS": ["s" * 32],
    "TOTP_KEY_SECRETS_CONFIGURED": True,
    "TOTP_KEY_SECRETS": ["t" * 32],
    "EMAIL_URL": "smtp+tls://mail.example.org",
    "ALLOWED_HOSTS": ["mfa.ku.dk"],
}
UNFIT: list[tuple[str, str, str, Any]] = [
    ("kumfa.E002", "SECRET_KEY", "SECRET_KEY", "s" * 31),
    ("kumfa.E003", "DATABASE_URL", "DATABASES", {"default": {"ENGINE": "django.db.backends.sqlite3"}}),
    ("kumfa.E004", "CELERY_BROKER_URL", "CELERY_BROKER_URL", "filesystem://localhost"),
    ("kumfa.E004", "CELERY_BROKER_URL", "CELERY_BROKER_URL", "memory://"),
    ("kumfa.E005", "CACHE_URL", "CACHE_URL", ""),
    ("kumfa.E005", "CACHE_URL", "CACHE_URL", "locmem://"),
    ("kumfa.E006", "PORTAL_URL", "SECURE", False),
    ("kumfa.E007", "SMS_GATEWAYS", "SMS_GATEWAYS", ["gatewayapi://x@y", "file:///tmp/messages"]),
    ("kumfa.E007", "SMS_GATEWAYS", "SMS_GATEWAYS", ["console://"]),
    ("kumfa.E008", "SMS_CODE_KEYS", "SMS_CODE_KEYS_CONFIGURED", False),
    ("kumfa.E008", "SMS_CODE_KEYS", "SMS_CODE_KEYS", ["k" * 32, "short"]),
    ("kumfa.E009", "EMAIL_URL", "EMAIL_URL", ""),
    ("kumfa.E010", "ALLOWED_HOSTS", "ALLOWED_HOSTS", []),
    ("kumfa.E010", "ALLOWED_HOSTS", "ALLOWED_HOSTS", ["mfa.ku.dk", "*"]),
    ("kumfa.E015", "EVENT_SEAL_KEYS", "EVENT_SEAL_KEYS_CONFIGURED", False),
    ("kumfa.E016", "SSO_KEY_SECRETS", "SSO_KEY_SECRETS_CONFIGURED", False),
    ("kumfa.E016", "SSO_KEY_SECRETS", "SSO_KEY_SECRETS", ["s" * 32, "short"]),
    ("kumfa.E017", "TOTP_KEY_SECRETS", "TOTP_KEY_SECRETS_CONFIGURED", False),
    ("kumfa.E017", "TOTP_KEY_SECRETS", "TOTP_KEY_SECRETS", ["t" * 32, "short"]),
    ("kumfa.E018", "SECRET_KEY_FALLBACKS", "SECRET_KEY_FALLBACKS", ["s" * 32, "short"]),
    ("kumfa.E015", "EVENT_SEAL_KEYS", "EVENT_SEAL_KEYS", []),
    ("kumfa.E015", "EVENT_SEAL_KEYS", "EVENT_SEAL_KEYS", ["e" * 32, "short"]),
]


@pytest.fixture
def fit(settings: Settings) -> Settings:
    for name, value in FIT.items():
        if name != "DATABASES":
            setattr(settings, name, value)
    return settings


def failing(monkeypatch: pytest.MonkeyPatch, databases: Any) -> list[Any]:
    with monkeypatch.context() as patch:
        patch.setitem(settings.DATABASES["default"], "ENGINE", databases["default"]["ENGINE"])
        return production_is_configured()


def test_a_configured_production_has_nothing_to_say(fit: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert failing(monkeypatch, FIT["DATABASES"]) == []


@pytest.mark.parametrize(("check", "variable", "setting", "value"), UNFIT)
def test_each_default_that_is_for_a_laptop_is_refused(
    fit: Settings, monkeypatch: pytest.MonkeyPatch, check: str, variable: str, setting: str, value: Any
) -> None:
    databases = value if setting == "DATABASES" else FIT["DATABASES"]
    if setting != "DATABASES":
        setattr(fit, setting, value)
    found = failing(monkeypatch, databases)
    assert [message.id for message in found] == [check]
    assert found[0].msg.startswith(variable)
    assert found[0].is_serious()


def test_a_laptop_is_not_asked(settings: Settings) -> None:
    settings.DEBUG = True
    assert production_is_configured() == []


@pytest.mark.parametrize("engine", ["sessions.database", "sessions.cached"])
def test_sessions_of_ours_are_on_the_server(settings: Settings, engine: str) -> None:
    settings.SESSION_ENGINE = engine
    assert sessions_stay_on_the_server() == []


@pytest.mark.parametrize(
    "engine", ["django.contrib.sessions.backends.signed_cookies", "django.contrib.sessions.backends.cache"]
)
def test_other_sessions_are_refused(settings: Settings, engine: str) -> None:
    settings.SESSION_ENGINE = engine
    assert [message.id for message in sessions_stay_on_the_server()] == ["kumfa.E001"]


def test_the_checks_are_registered(settings: Settings) -> None:
    settings.DEBUG = False
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    ids = {message.id for message in run_checks()}
    assert {"kumfa.E001", "kumfa.E005", "kumfa.E006"} <= ids
