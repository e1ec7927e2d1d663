"""The order in which a message tries the gateways, before the circuit breaker and the message's history change it."""

import random
from collections.abc import Callable, Sequence
from decimal import Decimal

from mfa_sms import gateways
from mfa_sms.gateways import Gateway

_DEAREST = Decimal("Infinity")


def preferred(configured: Sequence[Gateway], region: str, draw: Callable[[], float] = random.random) -> list[Gateway]:
    """Return the gateways that carry messages to a region, in order of preference.

    If any gateway has a weight, each message gets a random order in proportion to the weights. A gateway without a
    weight has the weight 1. Otherwise the cheaper gateway comes first; ties keep the order of the settings.
    """
    routes = {gateway.slug: gateways.route_of(gateway) for gateway in configured}
    usable = [gateway for gateway in configured if routes[gateway.slug].carries(region)]
    if any(routes[gateway.slug].weight for gateway in usable):
        # Efraimidis and Spirakis: the first place goes to each gateway with a probability proportional to its weight.
        return sorted(usable, key=lambda gateway: -(draw() ** (1 / (routes[gateway.slug].weight or 1))))
    return sorted(usable, key=lambda gateway: _cost(gateway))


def _cost(gateway: Gateway) -> Decimal:
    cost = gateways.route_of(gateway).cost
    return _DEAREST if cost is None else cost
