"""From where a request came, in the words of the audit log."""

import ipaddress
import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

_BROWSER_LENGTH = 200
_WITH_PORT = re.compile(r"^(\d+\.\d+\.\d+\.\d+|\[[^\]]+\]):\d+$")


@dataclass(frozen=True)
class ClientInfo:
    """Address, browser and reference of one request. Empty for what no request caused."""

    address: str | None = None
    browser: str = ""
    reference: str = ""

    @property
    def network(self) -> str | None:
        """What limits count by: the address, or of IPv6 the /64 in which one household picks its addresses."""
        if self.address is None:
            return None
        parsed = ipaddress.ip_address(self.address)
        if isinstance(parsed, ipaddress.IPv4Address):
            return str(parsed)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)


def client_info_of(request: HttpRequest) -> ClientInfo:
    """Return where the request came from."""
    return ClientInfo(
        address=_address(request),
        browser=request.headers.get("User-Agent", "").replace("\x00", "")[:_BROWSER_LENGTH],
        reference=getattr(request, "reference", ""),
    )


def _address(request: HttpRequest) -> str | None:
    """Return the client's address.

    SECURITY: with n trusted proxies the n-th entry of X-Forwarded-For from the right is the last that one of them
    wrote; everything left of it is the client's own invention.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return _parse(hops[-settings.TRUSTED_PROXIES]) or _parse(peer)
    return _parse(peer)


def _parse(text: str) -> str | None:
    """Return an address without its port; an IPv4 address that is mapped into IPv6 as itself."""
    bare = _WITH_PORT.sub(r"\1", text).strip("[]")
    try:
        parsed = ipaddress.ip_address(bare)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)
