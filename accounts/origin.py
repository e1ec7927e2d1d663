"""From where a request came, in the words of the audit log."""

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

_BROWSER_LENGTH = 200


@dataclass(frozen=True)
class Origin:
    """Address, browser and reference of one request. Empty for what no request caused."""

    address: str | None = None
    browser: str = ""
    reference: str = ""


def of(request: HttpRequest) -> Origin:
    """Return where the request came from."""
    return Origin(
        address=_address(request),
        browser=request.headers.get("User-Agent", "").replace("\x00", "")[:_BROWSER_LENGTH],
        reference=getattr(request, "reference", ""),
    )


def _address(request: HttpRequest) -> str | None:
    """Return the client's address.

    SECURITY: with n trusted proxies the n-th entry of X-Forwarded-For from the right is the last that one of them
    wrote; everything left of it is the client's own invention.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            address = hops[-settings.TRUSTED_PROXIES]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None
