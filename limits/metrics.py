"""The metric of refusals for Prometheus, read from the database."""

from collections.abc import Iterator

from django.db.models import Sum
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily

from limits.models import LimitRefusal


def collect() -> Iterator[Metric]:
    """Yield `kumfa_limit_refusals_total`, by limit, in one query."""
    family = CounterMetricFamily("kumfa_limit_refusals", "Refusals by a limit", labels=["limit"])
    totals = LimitRefusal.objects.order_by().values("limit").annotate(refusals=Sum("total"))
    for row in totals:
        family.add_metric([row["limit"]], row["refusals"])
    yield family
