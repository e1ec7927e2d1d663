"""Options of every URL in SMS_GATEWAYS that say which messages a gateway gets.

They are the same for all schemes, so they are taken off the URL before the scheme's module reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import phonenumbers

from mfa_sms.gateways.base import BadGatewayUrl

_OPTIONS = ("rate", "weight", "countries", "cost")
_WEIGHT_MAX = 1000
_RATE_MAX = 1000


@dataclass(frozen=True)
class Route:
    """Which messages a gateway gets, and how many.

    `rate`: messages per second, over all workers; None: no limit. `weight`: its share of the messages, beside the
    weights of the others. `countries`: the regions of the numbers that it gets; empty: all. `cost`: the price of one
    message, in any currency.
    """

    rate: float | None = None
    weight: int | None = None
    countries: frozenset[str] = frozenset()
    cost: Decimal | None = None

    def carries(self, region: str) -> bool:
        """Return whether the gateway gets messages to numbers of this region."""
        return not self.countries or region in self.countries


def split_route(url: str) -> tuple[str, Route]:
    """Return the URL without the options of its route, and the route. Raises `BadGatewayUrl`."""
    head, mark, query = url.partition("?")
    given: dict[str, str] = {}
    others: list[str] = []
    for pair in query.split("&"):
        name, _equals, value = pair.partition("=")
        if name not in _OPTIONS:
            others.append(pair)
        elif name in given:
            raise BadGatewayUrl(f"the option {name} stands twice")
        else:
            given[name] = value
    rest = "&".join(others)
    route = Route(
        _rate(given["rate"]) if "rate" in given else None,
        _weight(given["weight"]) if "weight" in given else None,
        _countries(given["countries"]) if "countries" in given else frozenset(),
        _cost(given["cost"]) if "cost" in given else None,
    )
    return head + (mark + rest if rest else ""), route


def _rate(value: str) -> float:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", value) or not 0 < float(value) <= _RATE_MAX:
        raise BadGatewayUrl(f"the option rate takes messages per second, above 0 and at most {_RATE_MAX}")
    return float(value)


def _weight(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", value) or not 1 <= int(value) <= _WEIGHT_MAX:
        raise BadGatewayUrl(f"the option weight takes a whole number from 1 to {_WEIGHT_MAX}")
    return int(value)


def _countries(value: str) -> frozenset[str]:
    regions = value.split(",")
    if not all(region in phonenumbers.SUPPORTED_REGIONS for region in regions):
        raise BadGatewayUrl("the option countries takes codes of two capital letters, such as DK,SE")
    return frozenset(regions)


def _cost(value: str) -> Decimal:
    try:
        cost = Decimal(value)
    except InvalidOperation:
        cost = Decimal(-1)
    if not cost.is_finite() or cost < 0:
        raise BadGatewayUrl("the option cost takes the price of one message, such as 0.35")
    return cost
