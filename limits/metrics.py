"""The metric of refusals for Prometheus, read from the database."""

from collections.abc import Iterable

from django.db.models import Sum
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from limits.models import LimitRefusal


class Refusals(Collector):
    """Yields `kumfa_limit_refusals_total`, by limit."""

    def collect(self) -> Iterable[Metric]:
        """Read the totals in one query."""
        family = CounterMetricFamily("kumfa_limit_refusals", "Refusals by a limit", labels=["limit"])
        totals = LimitRefusal.objects.order_by().values("limit").annotate(refusals=Sum("total"))
        for row in totals:
            family.add_metric([row["limit"]], row["refusals"])
        yield family
