"""The registry of metrics for Prometheus. Apps register collectors in their `AppConfig.ready`."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# The bounds of histograms of seconds, from a healthy queue to one without workers.
SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0)

Collect = Callable[[], Iterable[Metric]]

_collectors: list[Collect] = []


def register(collect: Collect) -> None:
    """Add a function that returns metrics. It is called at each scrape."""
    if collect not in _collectors:
        _collectors.append(collect)


class _Registered(Collector):
    def collect(self) -> Iterator[Metric]:
        for collect in _collectors:
            yield from collect()


def render_metrics() -> bytes:
    """Return all metrics in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Registered())
    return generate_latest(registry)
