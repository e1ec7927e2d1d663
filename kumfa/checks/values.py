"""Values that the portal starts with, and that fail for people later."""

import re
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from babel import Locale
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{2,}")
_TOKEN_LENGTH = 32
_DAYS = {
    "PASSWORD_MAX_AGE_DAYS": "PASSWORD_MAX_AGE_DAYS",
    "SMS_RECEIPTS_KEPT_DAYS": "SMS_RECEIPTS_KEPT",
    "SMS_NUMBERS_KEPT_DAYS": "SMS_NUMBERS_KEPT",
    "EVENT_CLIENT_KEPT_DAYS": "EVENT_CLIENT_KEPT",
}
_AT_LEAST_ONE = ("DATABASE_POOL_SIZE", "PUBLISHER_THREADS", "PASSWORD_RESETS_PER_ADDRESS")
_CAP = re.compile(r"SMS_[A-Z_]+_PER_HOUR")

Finding = tuple[int, str, str]


@register()
def values_can_be_used(**kwargs: Any) -> list[CheckMessage]:
    """Return an error for each variable whose value would fail for people."""
    if settings.DEBUG:
        return []
    found = (*_hosts(), *_numbers(), *_addresses(), *_links())
    return [Error(f"{variable} {why}", id=f"kumfa.E{number:03}") for number, variable, why in found]


def _hosts() -> Iterator[Finding]:
    url = urlsplit(settings.PORTAL_URL)
    if url.path or url.query or url.fragment or url.username or not url.hostname:
        yield 19, "PORTAL_URL", "must be a scheme and a host alone, such as https://mfa.ku.dk."
    elif "*" not in settings.ALLOWED_HOSTS and settings.PORTAL_HOST not in settings.ALLOWED_HOSTS:
        yield 20, "ALLOWED_HOSTS", "must name the host of PORTAL_URL, or every page answers 400."
    if settings.SECURE and not settings.TRUSTED_PROXIES:
        yield (
            21,
            "TRUSTED_PROXIES",
            "must be 1 or more: behind a proxy that ends TLS, 0 redirects every page to itself.",
        )
    for variable in ("STUDENT_DOMAIN", "EMPLOYEE_DOMAIN"):
        if not _DOMAIN.fullmatch(getattr(settings, variable)):
            yield 22, variable, "must be a domain, such as alumni.ku.dk."
    known = phonenumbers.SUPPORTED_REGIONS & set(Locale("da").territories)
    if not settings.SMS_COUNTRIES or not set(settings.SMS_COUNTRIES) <= known:
        yield 23, "SMS_COUNTRIES", "must hold regions of ISO 3166, such as DK,SE,GB."


def _numbers() -> Iterator[Finding]:
    for variable, setting in _DAYS.items():
        value = getattr(settings, setting)
        if getattr(value, "days", value) < 1:
            yield 24, variable, "must be 1 day or more."
    for variable in _AT_LEAST_ONE:
        if getattr(settings, variable) < 1:
            yield 25, variable, "must be 1 or more."
    if settings.SIGN_INS_BEGUN < 1:
        yield 25, "SIGN_INS_BEGUN_PER_ADDRESS", "must be 1 or more."
    for variable in sorted(set(filter(_CAP.fullmatch, dir(settings)))):
        if getattr(settings, variable) < 0:
            yield 26, variable, "must be 0 or more."
    if 0 < len(settings.METRICS_TOKEN) < _TOKEN_LENGTH:
        yield 27, "METRICS_TOKEN", f"must have at least {_TOKEN_LENGTH} characters, or be unset."


def _addresses() -> Iterator[Finding]:
    if not _is_mail_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]):
        yield 28, "DEFAULT_FROM_EMAIL", "must be a mail address, such as KU-IT <noreply@ku.dk>."
    if not all(_is_mail_address(address) for address in settings.OPERATOR_EMAILS):
        yield 29, "OPERATOR_EMAILS", "must hold mail addresses alone."


_OPTIONAL_LINKS = ("ACCESSIBILITY_STATEMENT_URL",)


def _links() -> Iterator[Finding]:
    for variable in ("SUPPORT_HOURS_URL", "ACCESSIBILITY_STATEMENT_URL", "PRIVACY_URL"):
        url = urlsplit(getattr(settings, variable))
        if variable in _OPTIONAL_LINKS and not getattr(settings, variable):
            continue
        if url.scheme not in ("https", "http") or not url.hostname:
            yield 30, variable, "must be an address that begins with https://."
    if not _PHONE.fullmatch(settings.SUPPORT_PHONE):
        yield 31, "SUPPORT_PHONE", "must be a phone number."


def _is_mail_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
