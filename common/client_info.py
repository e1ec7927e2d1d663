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

    @property
    def wide_network(self) -> str | None:
        """Return the network that one customer of a provider rents: the /24 of an IPv4 address, the /48 of IPv6."""
        if self.address is None:
            return None
        length = 24 if isinstance(ipaddress.ip_address(self.address), ipaddress.IPv4Address) else 48
        return str(ipaddress.ip_network((self.address, length), strict=False))


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
    """Return the address without its port, or None if it is malformed. An IPv4-mapped IPv6 address becomes IPv4.

    An IPv6 address loses its zone.
    """
    bare = _WITH_PORT.sub(r"\1", text).strip("[]")
    try:
        parsed = ipaddress.ip_address(bare)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        # The zone ("%eth0") has a meaning on one machine only, and may be longer than the column.
        return str(parsed.ipv4_mapped or ipaddress.IPv6Address(int(parsed)))
    return str(parsed)
