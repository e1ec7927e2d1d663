"""Totals that only grow, for counters and histograms of Prometheus. The tables themselves are too large to count.

A source counts what happened between two times. Every minute a task adds that to the totals, exactly once.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from celery import shared_task
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

from common.advisory_lock import try_lock
from common.metrics import SECONDS
from overview.models import MetricTotal

# A row gets its time before it is committed. No transaction of a source takes half as long.
SETTLE = timedelta(seconds=30)

# Returns names, labels and amounts for the rows after the first time, up to and including the second.
Amounts = Iterable[tuple[str, str, float]]
Source = Callable[[datetime, datetime], Amounts]

_LOCK = 7_303_017
_MARK = "counted_until"
_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Add a source. Its name must never change, because it identifies what has been counted."""
    _sources[name] = source


@shared_task(name="overview.count_totals")
def count_totals() -> None:
    """Add what happened since the last call. Concurrent calls are safe: one works and the others return."""
    until = timezone.now() - SETTLE
    with transaction.atomic():
        if not try_lock(_LOCK):
            return
        for name, source in _sources.items():
            mark, is_new = MetricTotal.objects.get_or_create(
                name=_MARK, label=name, defaults={"value": until.timestamp()}
            )
            since = datetime.fromtimestamp(mark.value, UTC)
            if is_new or since >= until:
                continue
            for total, label, amount in source(since, until):
                MetricTotal.objects.bulk_create([MetricTotal(name=total, label=label)], ignore_conflicts=True)
                MetricTotal.objects.filter(name=total, label=label).update(value=F("value") + amount)
            MetricTotal.objects.filter(pk=mark.pk).update(value=until.timestamp())


def seconds_amounts(name: str, seconds: Iterable[float]) -> Amounts:
    """Yield the amounts of a histogram: the number in each bucket, and the sum."""
    for value in seconds:
        bound = next((str(limit) for limit in SECONDS if value <= limit), "+Inf")
        yield name, bound, 1
        yield name, "sum", value


def histogram(name: str, what: str) -> Metric:
    """Return the histogram of `seconds_amounts`. Its name is the total's with `kumfa_` in front."""
    found = dict(MetricTotal.objects.filter(name=name).values_list("label", "value"))
    buckets, below = [], 0.0
    for bound in (*map(str, SECONDS), "+Inf"):
        below += found.get(bound, 0)
        buckets.append((bound, below))
    return HistogramMetricFamily(f"kumfa_{name}", what, buckets=buckets, sum_value=found.get("sum", 0))


def counter(name: str, what: str, labels: list[str]) -> Metric:
    """Return the counter of a total whose label has a part for each label, separated by blanks."""
    family = CounterMetricFamily(f"kumfa_{name}", what, labels=labels)
    for label, value in MetricTotal.objects.filter(name=name).values_list("label", "value"):
        family.add_metric(label.split(" "), value)
    return family
