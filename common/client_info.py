"""The client info of a request: address, browser and reference, as the audit log stores them."""

import ipaddress
import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

_BROWSER_LENGTH = 200
_WITH_PORT = re.compile(r"^(\d+\.\d+\.\d+\.\d+|\[[^\]]+\]):\d+$")


@dataclass(frozen=True)
class ClientInfo:
    """The address, browser and reference of one request. All fields are empty if no request caused the event."""

    address: str | None = None
    browser: str = ""
    reference: str = ""

    @property
    def network(self) -> str | None:
        """Return the key for limits: the IPv4 address, or the /64 network of an IPv6 address.

        One household chooses its IPv6 addresses within a /64.
        """
        if self.address is None:
            return None
        parsed = ipaddress.ip_address(self.address)
        if isinstance(parsed, ipaddress.IPv4Address):
            return str(parsed)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)


def client_info_of(request: HttpRequest) -> ClientInfo:
    return ClientInfo(
        address=_address(request),
        browser=request.headers.get("User-Agent", "").replace("\x00", "")[:_BROWSER_LENGTH],
        reference=getattr(request, "reference", ""),
    )


def _address(request: HttpRequest) -> str | None:
    """Return the client's address, or None if it is missing or malformed.

    SECURITY: with n trusted proxies, only the last n entries of X-Forwarded-For come from them. The n-th entry from the
    right is the client's address. The client can forge everything to the left of it.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return _parse(hops[-settings.TRUSTED_PROXIES]) or _parse(peer)
    return _parse(peer)


def _parse(text: str) -> str | None:
    """Return the address without its port, or None if it is malformed. An IPv4-mapped IPv6 address becomes IPv4."""
    bare = _WITH_PORT.sub(r"\1", text).strip("[]")
    try:
        parsed = ipaddress.ip_address(bare)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)
