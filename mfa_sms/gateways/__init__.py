"""Gateways: the providers that carry text messages. Each has its own module and URL scheme."""

from collections.abc import Callable
from functools import cache

from django.conf import settings

from mfa_sms.gateways.base import (
    BadGatewayUrl,
    Gateway,
    GatewayError,
    GatewayFault,
    OutgoingMessage,
    ParsedReceipt,
    ReceiptRefused,
    ReceiptState,
    ReceiptUnreadable,
    SendResult,
)
from mfa_sms.gateways.console import ConsoleGateway
from mfa_sms.gateways.file import FileGateway
from mfa_sms.gateways.gatewayapi import GatewayApiGateway
from mfa_sms.gateways.kannel import KannelGateway
from mfa_sms.gateways.routing import Route, split_route
from mfa_sms.gateways.twilio import TwilioGateway

_SCHEMES: dict[str, Callable[[str], Gateway]] = {
    "console": ConsoleGateway.from_url,
    "file": FileGateway.from_url,
    "gatewayapi": GatewayApiGateway.from_url,
    "kannel": KannelGateway.from_url,
    "twilio": TwilioGateway.from_url,
}


def register(scheme: str, make: Callable[[str], Gateway]) -> None:
    """Add a scheme, for apps outside this package.

    `make` returns the gateway for a URL or raises `BadGatewayUrl`. Raises ValueError if the scheme is taken.
    """
    if scheme in _SCHEMES:
        raise ValueError(f"Scheme {scheme!r} is registered twice.")
    _SCHEMES[scheme] = make


def from_url(url: str) -> Gateway:
    """Return the gateway for a URL; the same object each time.

    Raises `BadGatewayUrl`, whose text contains no part of the URL except its scheme.
    """
    return _read(url)[0]


@cache
def _read(url: str) -> tuple[Gateway, Route]:
    scheme, separator, _rest = url.partition("://")
    known = ", ".join(sorted(_SCHEMES))
    if not separator:
        # SECURITY: a URL without a scheme may begin with a token, so no part of it is repeated.
        raise BadGatewayUrl(f"no scheme; there are {known}")
    if scheme not in _SCHEMES:
        raise BadGatewayUrl(f"no gateway has the scheme {scheme[:20]!r}; there are {known}")
    rest, route = split_route(url)
    return _SCHEMES[scheme](rest), route


def configured() -> list[Gateway]:
    """Return the gateways in their configured order."""
    return [from_url(url) for url in settings.SMS_GATEWAYS]


def route_of(gateway: Gateway) -> Route:
    """Return which messages a gateway gets: all, unless its URL says otherwise."""
    for url in settings.SMS_GATEWAYS:
        found, route = _read(url)
        if found.slug == gateway.slug:
            return route
    return Route()


def by_slug(slug: str) -> Gateway | None:
    """Return the configured gateway with that name, or None."""
    return next((gateway for gateway in configured() if gateway.slug == slug), None)


__all__ = [
    "BadGatewayUrl",
    "Gateway",
    "GatewayError",
    "GatewayFault",
    "OutgoingMessage",
    "ParsedReceipt",
    "ReceiptRefused",
    "ReceiptState",
    "ReceiptUnreadable",
    "Route",
    "SendResult",
    "by_slug",
    "configured",
    "from_url",
    "register",
    "route_of",
]
