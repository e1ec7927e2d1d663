"""System checks of the directory's settings."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from string import Formatter
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from directory import schema


def missing_library() -> bool:
    """Return whether python-ldap is not installed."""
    return find_spec("ldap") is None


@register()
def directory_is_configured(**kwargs: Any) -> list[CheckMessage]:
    """Return an error for each variable without which the directory cannot be used safely."""
    if not settings.DIRECTORY_URLS:
        return []
    return [Error(f"{variable} {why}", id=f"directory.E{number:03}") for number, variable, why in _faults()]


def _faults() -> Iterator[tuple[int, str, str]]:
    if missing_library():
        yield (
            1,
            "DIRECTORY_URLS",
            "needs python-ldap: install requirements-directory.txt (docs/operators/directory.md).",
        )
    if not all(_is_address(url) for url in settings.DIRECTORY_URLS):
        yield 2, "DIRECTORY_URLS", "must hold addresses such as ldaps://dc1.example.org, or ldap:// to use StartTLS."
    if settings.DIRECTORY_KIND not in schema.SCHEMAS:
        yield 3, "DIRECTORY_KIND", f"must be one of {', '.join(schema.SCHEMAS)}."
    if not settings.DIRECTORY_BASE:
        yield 4, "DIRECTORY_BASE", "must name the part of the directory with the people, such as ou=people,dc=ku,dc=dk."
    if settings.DIRECTORY_BIND and _placeholders(settings.DIRECTORY_BIND) != {"username"}:
        yield 5, "DIRECTORY_BIND", "must have {username} as its only placeholder."
    if not (settings.DIRECTORY_READER and settings.DIRECTORY_READER_PASSWORD):
        yield 6, "DIRECTORY_READER", "and DIRECTORY_READER_PASSWORD must be an account that may read the people."
    if settings.DIRECTORY_CA_FILE and not Path(settings.DIRECTORY_CA_FILE).is_file():
        yield 7, "DIRECTORY_CA_FILE", "must be a file with the certificates that sign the servers' own."
    if not settings.DIRECTORY_PASSWORD_URL.startswith("https://"):
        yield 8, "DIRECTORY_PASSWORD_URL", "must be the https:// address of the page on which people choose a password."
    unknown = set(settings.DIRECTORY_ATTRIBUTES) - set(schema.Schema.__dataclass_fields__)
    if unknown:
        yield 9, "DIRECTORY_ATTRIBUTES", f"has names that the portal does not know: {', '.join(sorted(unknown))}."
    for variable in ("DIRECTORY_STUDENT", "DIRECTORY_EMPLOYEE"):
        if "=" not in getattr(settings, variable):
            yield 10, variable, "must be attribute=value, such as memberOf=cn=students,ou=groups,dc=ku,dc=dk."
    if settings.DIRECTORY_SYNC_HOURS <= 0:
        yield 11, "DIRECTORY_SYNC_HOURS", "must be more than 0."


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("ldap", "ldaps") and bool(parts.hostname) and parts.path in ("", "/") and not parts.query


def _placeholders(template: str) -> set[str | None]:
    try:
        return {name for _text, name, _format, _conversion in Formatter().parse(template) if name is not None}
    except ValueError:
        return {None}
