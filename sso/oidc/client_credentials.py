"""The client id and the secret that a service sends (RFC 6749, section 2.3.1)."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest


def credentials_of(request: Any) -> tuple[str, str]:
    """Return the client id and the secret of the library's request; empty if they are missing."""
    if header := request.headers.get("HTTP_AUTHORIZATION", ""):
        return _from_header(header)
    return request.client_id or "", getattr(request, "client_secret", "") or ""


def named_client(request: HttpRequest) -> str:
    """Return the client id of a request; empty if it is missing."""
    header = request.headers.get("Authorization", "")
    return _from_header(header)[0] if header.startswith("Basic ") else request.POST.get("client_id", "")


def _from_header(header: str) -> tuple[str, str]:
    scheme, _space, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    return unquote_plus(name), unquote_plus(secret)
