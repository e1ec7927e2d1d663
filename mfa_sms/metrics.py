"""Metrics for Prometheus, computed from the database at each scrape.

Counts and histograms cover the last hour. The database survives a restart and gives the same values in every process.
The metrics are therefore gauges, not counters.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, QuerySet
from django.utils import timezone
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeHistogramMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from common import database_clock
from limits import metrics as limits_metrics
from mfa_sms import breaker, gateways
from mfa_sms.models import Attempt, Receipt, TextMessage

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_HOUR = timedelta(hours=1)
_TO_GATEWAY = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_TO_RECEIPT = (1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_AGES = (0, 10, 60, 300)


def render_metrics() -> bytes:
    """Return the metrics in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Messages())
    registry.register(limits_metrics.Refusals())
    return generate_latest(registry)


class _Messages(Collector):
    def collect(self) -> Iterable[Metric]:
        now = timezone.now()
        recent = TextMessage.objects.filter(created_at__gt=now - _HOUR).exclude(number="").order_by()
        yield _counts(recent)
        # Notices are excluded: they have a slower queue, and often go to a number that no longer exists.
        codes = recent.exclude(purpose=TextMessage.NOTICE)
        yield _seconds("kumfa_sms_gateway_seconds", "From commit to gateway", codes, "sent_at", _TO_GATEWAY)
        yield _seconds("kumfa_sms_receipt_seconds", "From commit to receipt", codes, "receipt_at", _TO_RECEIPT)
        yield _waiting(now)
        yield from _gateways()
        yield _attempts(now)
        yield GaugeMetricFamily(
            "kumfa_clock_skew_seconds",
            "How far the clock of this host is ahead of the database's",
            value=database_clock.skew().total_seconds(),
        )
        yield _strange_receipts(now)


def _counts(recent: QuerySet[TextMessage]) -> Metric:
    family = GaugeMetricFamily(
        "kumfa_sms_messages", "Text messages of the last hour", labels=["gateway", "kind", "state"]
    )
    for row in recent.values("gateway", "purpose", "status").annotate(count=Count("pk")):
        family.add_metric([row["gateway"], row["purpose"], row["status"]], row["count"])
    return family


def _seconds(name: str, what: str, recent: QuerySet[TextMessage], until: str, limits: tuple[float, ...]) -> Metric:
    took = ExpressionWrapper(F(until) - F("created_at"), output_field=DurationField())
    seconds = [
        duration.total_seconds()
        for duration in recent.exclude(**{until: None}).annotate(took=took).values_list("took", flat=True)
    ]
    buckets = [(str(limit), float(sum(value <= limit for value in seconds))) for limit in limits]
    family = GaugeHistogramMetricFamily(name, f"{what}, codes of the last hour")
    family.add_metric([], [*buckets, ("+Inf", float(len(seconds)))], sum(seconds))
    return family


def _waiting(now: datetime) -> Metric:
    family = GaugeMetricFamily("kumfa_sms_waiting", "Codes not yet at a gateway, older than", labels=["seconds"])
    waiting = TextMessage.objects.filter(status__in=["queued", "sending"]).exclude(purpose=TextMessage.NOTICE)
    since = waiting.values_list("created_at", flat=True)
    ages = [(now - created).total_seconds() for created in since[:100_000]]
    for limit in _AGES:
        family.add_metric([str(limit)], sum(age >= limit for age in ages))
    return family


def _gateways() -> Iterator[Metric]:
    family = GaugeMetricFamily(
        "kumfa_sms_gateway_out_of_service", "1 while the gateway is out of service", labels=["gateway"]
    )
    out = breaker.gateways_out_of_service()
    for gateway in gateways.configured():
        family.add_metric([gateway.slug], gateway.slug in out)
    yield family


def _attempts(now: datetime) -> Metric:
    family = GaugeMetricFamily(
        "kumfa_sms_attempts",
        "Attempts of the last hour, with the gateway's own code",
        labels=["gateway", "outcome", "code"],
    )
    recent = Attempt.objects.filter(ended_at__gt=now - _HOUR, gateway__in=[one.slug for one in gateways.configured()])
    for row in recent.order_by().values("gateway", "outcome", "code").annotate(count=Count("pk")):
        family.add_metric([row["gateway"], row["outcome"], row["code"]], row["count"])
    return family


def _strange_receipts(now: datetime) -> Metric:
    strange = Receipt.objects.filter(received_at__gt=now - _HOUR, message=None).exclude(processed_at=None)
    return GaugeMetricFamily(
        "kumfa_sms_strange_receipts", "Receipts of the last hour for no message of ours", value=strange.count()
    )
