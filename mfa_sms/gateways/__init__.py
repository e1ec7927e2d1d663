"""Gateways: the providers that carry text messages. One module each, chosen by the scheme of its URL."""

from functools import cache

from django.conf import settings

from mfa_sms.gateways.base import BadGatewayUrl, Fault, Gateway, GatewayError, OutgoingMessage, SendResult
from mfa_sms.gateways.console import ConsoleGateway
from mfa_sms.gateways.file import FileGateway

_SCHEMES: dict[str, type[FileGateway] | type[ConsoleGateway]] = {"file": FileGateway, "console": ConsoleGateway}


@cache
def from_url(url: str) -> Gateway:
    """Return the gateway that a URL configures; the same one each time, so that its connections are kept.

    Raises `BadGatewayUrl`, whose text names no part of the URL but its scheme.
    """
    scheme = url.partition("://")[0]
    gateway = _SCHEMES.get(scheme)
    if gateway is None:
        known = ", ".join(sorted(_SCHEMES))
        raise BadGatewayUrl(f"no gateway has the scheme {scheme[:20]!r}; there are {known}")
    return gateway.from_url(url)


def configured() -> list[Gateway]:
    """Return the gateways in the order in which they are tried."""
    return [from_url(url) for url in settings.SMS_GATEWAYS]


__all__ = [
    "BadGatewayUrl",
    "Fault",
    "Gateway",
    "GatewayError",
    "OutgoingMessage",
    "SendResult",
    "configured",
    "from_url",
]
