"""Metrics of services and Entra tenants for Prometheus, of the last hour, read from the database."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, F, Q
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from sso.models import EntraAttempt, Grant

_HOUR = timedelta(hours=1)


class ServiceMetrics(Collector):
    """Yields `kumfa_entra_requests`, by tenant and result, and `kumfa_service_logins`, by service."""

    def collect(self) -> Iterable[Metric]:
        """Read each family in one query."""
        since = timezone.now() - _HOUR
        family = GaugeMetricFamily(
            "kumfa_entra_requests", "Entra requests of the last hour", labels=["tenant", "result"]
        )
        attempts = EntraAttempt.objects.filter(created_at__gt=since).order_by()
        counts = attempts.values(name=F("tenant__tenant_id")).annotate(
            proven=Count("pk", filter=Q(error="", answered_at__isnull=False)),
            refused=Count("pk", filter=~Q(error="")),
            waiting=Count("pk", filter=Q(error="", answered_at=None)),
        )
        for row in counts:
            for result in ("proven", "refused", "waiting"):
                family.add_metric([str(row["name"]), result], row[result])
        yield family
        logins = GaugeMetricFamily("kumfa_service_logins", "Logins to services of the last hour", labels=["client_id"])
        grants = Grant.objects.filter(created_at__gt=since).order_by()
        for service in grants.values(name=F("client__client_id")).annotate(count=Count("pk")):
            logins.add_metric([service["name"]], service["count"])
        yield logins
