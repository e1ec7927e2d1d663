"""TLS: passwords' hashes, keys and sessions leave this machine only to a server whose certificate is verified."""

import ipaddress
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

_VERIFIED = ("verify-full", "verify-ca")


@register()
def servers_are_verified(**kwargs: Any) -> list[CheckMessage]:
    """Return an error for each service on another machine that is reached without verified TLS."""
    if settings.DEBUG:
        return []
    messages: list[CheckMessage] = [
        Error(f"{variable} {why}", id=f"kumfa.E{number:03}") for number, variable, why in _unverified()
    ]
    if is_remote(str(getattr(settings, "EMAIL_HOST", ""))) and not _has_mail_tls():
        said = (
            "EMAIL_URL has no TLS: links for new passwords leave this machine in clear. Use smtp+tls:// or smtp+ssl://."
        )
        messages.append(Warning(said, id="kumfa.W035"))
    return messages


def is_remote(hosts: str) -> bool:
    """Return whether one of the hosts, separated by commas, is another machine. A folder is that of a local socket."""
    return any(not _is_here(host.strip("[]")) for host in hosts.split(","))


def _is_here(host: str) -> bool:
    if host in ("", "localhost") or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unverified() -> Iterator[tuple[int, str, str]]:
    database = settings.DATABASES["default"]
    mode = database.get("OPTIONS", {}).get("sslmode") or os.environ.get("PGSSLMODE")
    if is_remote(str(database.get("HOST", ""))) and mode not in _VERIFIED:
        yield 32, "DATABASE_URL", "is on another machine: add ?sslmode=verify-full&sslrootcert=FILE."
    if settings.CACHE_URL.startswith("redis") and not _is_verified_cache():
        yield 33, "CACHE_URL", "is on another machine: begin it with rediss:// and let it verify the certificate."
    for url in settings.CELERY_BROKER_URL.split(";"):
        if is_remote(urlsplit(url).hostname or "") and not url.startswith(("amqps:", "rediss:")):
            yield 34, "CELERY_BROKER_URL", "is on another machine: begin it with amqps:// or rediss://."
            break


def _is_verified_cache() -> bool:
    url = urlsplit(settings.CACHE_URL)
    hosts = [location.rpartition("@")[2].partition(":")[0] for location in url.netloc.split(",")]
    if not is_remote(",".join(hosts)):
        return True
    options = settings.CACHES["default"].get("OPTIONS", {})
    requires = options.get("ssl_cert_reqs", "required") in ("required", "CERT_REQUIRED")
    return url.scheme == "rediss" and requires and options.get("ssl_check_hostname", True) is not False


def _has_mail_tls() -> bool:
    return bool(getattr(settings, "EMAIL_USE_TLS", False) or getattr(settings, "EMAIL_USE_SSL", False))
