"""Metrics of notices by mail."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from notices.models import Notice


def collect() -> Iterator[Metric]:
    """Yield the mails that wait, the age of the oldest, and those that were given up."""
    given_up = Q(tries__gte=settings.NOTICE_TRIES)
    found = Notice.objects.filter(sent_at=None).aggregate(
        waiting=Count("pk", filter=~given_up),
        given_up=Count("pk", filter=given_up),
        oldest=Min("created_at", filter=~given_up),
    )
    age = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0
    yield GaugeMetricFamily("kumfa_notices_waiting", "Notices by mail that are not sent yet", value=found["waiting"])
    yield GaugeMetricFamily("kumfa_notices_oldest_seconds", "Age of the oldest of them", value=age)
    yield GaugeMetricFamily("kumfa_notices_given_up", "Notices of the last 90 days not sent", value=found["given_up"])
