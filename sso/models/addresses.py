"""The addresses of a service: which may be registered, and which request matches them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?", re.ASCII)
_LOOPBACK = ("127.0.0.1", "::1")
# A private-use scheme has a dot, as a domain of the app's publisher in reverse order does (RFC 8252, section 7.1).
_PRIVATE = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+", re.ASCII)


def fault_of(line: str, *, is_native: bool = False) -> str | StrPromise:
    """Return what is wrong with an address, with `%(uri)s` for the address; empty if it may be registered.

    It must be absolute, without a fragment or password, and HTTPS in production. An app may also use a private scheme,
    or HTTP at an address of the device itself.
    """
    if re.search(r"\s", line) or re.search(r"[,;]\s*[a-z]+:", line):
        return _("“%(uri)s” contains a space or more than one address. Enter one address per line.")
    if not line.isascii():
        return _("“%(uri)s” contains letters such as æ, ø or å. Enter the address as browsers send it.")
    if "*" in line:
        return _("“%(uri)s” contains *. Enter each address in full.")
    if "#" in line:
        return _("“%(uri)s” contains #. An address cannot have a part after #.")
    try:
        parts = urlsplit(line)
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        return _("“%(uri)s” is not a complete address.")
    return _fault_of_parts(parts.scheme, parts.netloc, parts.hostname or "", port_is_number, is_native)


def _fault_of_parts(scheme: str, netloc: str, host: str, port_is_number: bool, is_native: bool) -> str | StrPromise:
    if is_native and _PRIVATE.fullmatch(scheme):
        return ""
    if scheme not in ("https", "http"):
        return _("“%(uri)s” does not begin with https://.")
    if not port_is_number or not _HOST.fullmatch(netloc):
        return _("“%(uri)s” is not a complete address.")
    if scheme == "http" and scheme not in settings.OAUTH2_PROVIDER["ALLOWED_REDIRECT_URI_SCHEMES"]:
        allowed = is_native and host in _LOOPBACK
        return "" if allowed else _("“%(uri)s” begins with http://. It must begin with https://.")
    return ""


def matches(registered: str, uri: str, *, is_native: bool = False) -> bool:
    """Return whether a request may name the address. Compares exactly.

    An app may use any port at an address of the device itself (RFC 8252, section 7.3).
    """
    return registered == uri or (is_native and (bare := _without_port(uri)) != "" and bare == _without_port(registered))


def origin_of(uri: str) -> str:
    """Return the origin of an address: scheme, host and port."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def _without_port(uri: str) -> str:
    """Return an HTTP address of the device itself without its port; empty for other addresses."""
    try:
        parts = urlsplit(uri)
        valid = parts.port is None or parts.port > 0
    except ValueError:
        return ""
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK or not valid or not _HOST.fullmatch(parts.netloc):
        return ""
    host = parts.hostname if ":" not in parts.hostname else f"[{parts.hostname}]"
    rest = uri.partition("://")[2][len(parts.netloc) :]
    return f"http://{host}{rest}"
