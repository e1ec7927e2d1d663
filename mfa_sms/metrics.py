"""Metrics of text messages for Prometheus: totals that only grow, and the present state.

They are read from the database, so that every process gives the same values and a restart changes none.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from mfa_sms import breaker, gateways
from mfa_sms.models import Attempt, Receipt, TextMessage
from mfa_sms.totals import ATTEMPTS, TO_GATEWAY, TO_RECEIPT
from overview import totals

_HOUR = timedelta(hours=1)
_AGES = (0, 10, 60, 300)


def collect() -> Iterator[Metric]:
    """Yield the metrics of text messages."""
    now = timezone.now()
    recent = TextMessage.objects.filter(created_at__gt=now - _HOUR).exclude(number="").order_by()
    yield _counts(recent)
    yield totals.counter(ATTEMPTS, "Attempts to send a text message", ["gateway", "outcome"])
    yield totals.histogram(TO_GATEWAY, "From commit to gateway, codes")
    yield totals.histogram(TO_RECEIPT, "From commit to receipt, codes")
    yield _waiting(now)
    yield from _gateways()
    yield _attempts(now)
    yield _strange_receipts(now)


def _counts(recent: QuerySet[TextMessage]) -> Metric:
    family = GaugeMetricFamily(
        "kumfa_sms_messages_last_hour", "Text messages of the last hour", labels=["gateway", "kind", "state"]
    )
    for row in recent.values("gateway", "purpose", "status").annotate(count=Count("pk")):
        family.add_metric([row["gateway"], row["purpose"], row["status"]], row["count"])
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
        "kumfa_sms_attempts_last_hour",
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
        "kumfa_sms_strange_receipts_last_hour",
        "Receipts of the last hour for no message of ours",
        value=strange.count(),
    )
