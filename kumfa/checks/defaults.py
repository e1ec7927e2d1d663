"""Checks for development defaults and for weak keys."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from common.support_hours import BadHours, parse_hours
from sign_in import statements

_LONG_ENOUGH = 32
_LONGEST_STAY = 90
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")


@register()
def sessions_stay_on_the_server(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a session engine that would store a pending sign-in in the browser."""
    if settings.SESSION_ENGINE.startswith("sessions."):
        return []
    return [
        Error(
            "SESSION_ENGINE must be one of sessions: others put the pending sign-in into the browser, lose it "
            "with the cache, or leave the old key alive when it is rotated.",
            id="kumfa.E001",
        )
    ]


@register()
def production_is_configured(**kwargs: Any) -> list[CheckMessage]:
    """Return an error for each variable whose embedded default is for a laptop."""
    if settings.DEBUG:
        return []
    return [Error(f"{variable} {why}", id=f"kumfa.E{number:03}") for number, variable, why in _unfit()]


@register(deploy=True)
def support_can_be_reached(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a deployment whose pages do not say when and how IT Support answers, and when they were last reviewed."""
    if settings.DEBUG:
        return []
    found: list[CheckMessage] = []
    try:
        hours = parse_hours(settings.SUPPORT_HOURS)
    except BadHours:
        hours = []
    if not hours:
        text = "SUPPORT_HOURS must be like 'mon-thu 08:00-16:00, fri 08:00-15:00'."
        found.append(Error(text, id="kumfa.E048"))
    if "@" not in settings.SUPPORT_EMAIL:
        found.append(Error("SUPPORT_EMAIL must be an email address: the law asks for one.", id="kumfa.E049"))
    reviewed = statements.reviewed_on()
    if reviewed is None or reviewed > date.today():
        text = "ACCESSIBILITY_REVIEWED must be the day of the last review of /accessibility/, such as 2026-11-01."
        found.append(Error(text, id="kumfa.E050"))
    elif date.today() - reviewed > statements.REVIEW_EVERY:
        text = "ACCESSIBILITY_REVIEWED is more than a year ago. Review /accessibility/, then set the new day."
        found.append(Warning(text, id="kumfa.W051"))
    return found


def _unfit() -> Iterator[tuple[int, str, str]]:
    if len(settings.SECRET_KEY) < _LONG_ENOUGH:
        yield 2, "SECRET_KEY", f"must have at least {_LONG_ENOUGH} characters."
    if any(len(key) < _LONG_ENOUGH for key in settings.SECRET_KEY_FALLBACKS):
        yield 18, "SECRET_KEY_FALLBACKS", f"must hold keys with at least {_LONG_ENOUGH} characters each, or none."
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield 3, "DATABASE_URL", "is SQLite: it has no row locks, and one writer at a time. Use PostgreSQL."
    if settings.CELERY_BROKER_URL.startswith(("filesystem", "memory")):
        yield 4, "CELERY_BROKER_URL", "is for one machine. Use RabbitMQ or Redis."
    if not settings.CACHE_URL.startswith(("redis", "rediss")):
        yield 5, "CACHE_URL", "must be Redis: sessions are read from it."
    if not settings.SECURE:
        yield 6, "PORTAL_URL", "must begin with https://."
    if any(url.startswith(("file:", "console:")) for url in settings.SMS_GATEWAYS):
        yield 7, "SMS_GATEWAYS", "writes codes to a file or the console. Configure a provider."
    for number, variable in (
        (8, "SMS_CODE_KEYS"),
        (15, "EVENT_SEAL_KEYS"),
        (16, "SSO_KEY_SECRETS"),
        (17, "TOTP_KEY_SECRETS"),
    ):
        if not _own_keys(variable):
            yield number, variable, f"must hold keys of their own, each with at least {_LONG_ENOUGH} characters."
    if not settings.EMAIL_URL.startswith("smtp"):
        yield 9, "EMAIL_URL", "must be a mail server's, smtp://… or smtp+tls://…: others lose or show the links."
    if not settings.ALLOWED_HOSTS or any(host.startswith((".", "*")) for host in settings.ALLOWED_HOSTS):
        yield 10, "ALLOWED_HOSTS", "must name the hosts that are served, each whole."
    if not all(_HOST.fullmatch(host) for host in settings.SIGN_IN_NEXT_HOSTS):
        yield 11, "SIGN_IN_NEXT_HOSTS", "must hold host names alone."
    if settings.TRUSTED_PROXIES < 0:
        yield 12, "TRUSTED_PROXIES", "must be 0 or more."
    if settings.PASSWORD_NAMES_PER_ADDRESS < settings.PASSWORD_FAILURES:
        yield 13, "PASSWORD_NAMES_PER_ADDRESS", f"must be {settings.PASSWORD_FAILURES} or more."
    if not 0 < settings.REMEMBER_ME_DAYS <= _LONGEST_STAY:
        yield 14, "REMEMBER_ME_DAYS", f"must be between 1 and {_LONGEST_STAY}."


def _own_keys(variable: str) -> bool:
    keys = getattr(settings, variable)
    return bool(getattr(settings, f"{variable}_CONFIGURED") and keys and all(len(key) >= _LONG_ENOUGH for key in keys))
