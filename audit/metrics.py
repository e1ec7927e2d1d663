"""Metrics of the audit log."""

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from audit.models import EventSeal, EventTotal, SecurityEvent

_COUNTED_AT_MOST = 100_000


def collect() -> Iterator[Metric]:
    """Yield sealed events by kind, the time of the newest seal, and how many events wait for one."""
    totals = CounterMetricFamily("kumfa_events", "Sealed security events", labels=["kind"])
    for row in EventTotal.objects.all():
        totals.add_metric([row.kind], row.total)
    newest = EventSeal.objects.order_by("-number").only("sealed_at", "last_id").first()
    waiting = SecurityEvent.objects.filter(pk__gt=newest.last_id if newest else 0).order_by()[:_COUNTED_AT_MOST]
    yield totals
    if newest is not None:
        yield GaugeMetricFamily(
            "kumfa_event_last_seal_timestamp_seconds", "Time of the newest seal", value=newest.sealed_at.timestamp()
        )
    yield GaugeMetricFamily("kumfa_events_unsealed", "Security events without a seal", value=waiting.count())
