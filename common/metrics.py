"""The collectors of metrics for Prometheus. Each app registers its own."""

from collections.abc import Callable

from prometheus_client.registry import Collector

_makers: list[Callable[[], Collector]] = []


def register_collector(make: Callable[[], Collector]) -> None:
    """Add a collector, which is made for each scrape."""
    _makers.append(make)


def collectors() -> list[Collector]:
    """Return the collectors of a scrape."""
    return [make() for make in _makers]
