"""The page /metrics, and the metrics of the whole portal: its version, clocks, scheduled tasks and queues."""

import platform
from collections.abc import Iterator

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from common import metrics
from kumfa import health
from kumfa.celery import app
from kumfa.version import VERSION
from overview.models import TaskRun

_QUEUES = ("codes", "other")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Return the metrics to a client with the token. Without a token in the settings, the page does not exist."""
    if not settings.METRICS_TOKEN:
        return HttpResponse("not found\n", content_type="text/plain", status=404)
    # SECURITY: compared in constant time. The token is in a header, since a query would appear in logs.
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse("refused\n", content_type="text/plain", status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(metrics.render_metrics(), content_type=metrics.CONTENT_TYPE)


def build_info() -> Iterator[Metric]:
    """Yield the versions as labels of a constant."""
    family = GaugeMetricFamily("kumfa_build_info", "The versions", labels=["version", "django", "python"])
    family.add_metric([VERSION, django.get_version(), platform.python_version()], 1)
    yield family


def clocks() -> Iterator[Metric]:
    """Yield how far this machine's clock is ahead of the database's."""
    skew = health.clock_skew()
    if skew is not None:
        family = GaugeMetricFamily("kumfa_clock_skew_seconds", "This clock minus the database's")
        family.add_metric([], skew.total_seconds())
        yield family


def scheduled_tasks() -> Iterator[Metric]:
    """Yield when each scheduled task ran last, how long it took, and how often it ran and failed."""
    last = GaugeMetricFamily("kumfa_last_run_timestamp_seconds", "End of the last run that succeeded", labels=["task"])
    took = GaugeMetricFamily("kumfa_last_run_seconds", "Duration of the last run", labels=["task"])
    runs = CounterMetricFamily("kumfa_task_runs", "Runs that ended", labels=["task", "outcome"])
    for run in TaskRun.objects.filter(task__in=settings.CELERY_BEAT_SCHEDULE):
        if run.succeeded_at is not None:
            last.add_metric([run.task], run.succeeded_at.timestamp())
        took.add_metric([run.task], run.seconds)
        runs.add_metric([run.task, "succeeded"], run.runs - run.failures)
        runs.add_metric([run.task, "failed"], run.failures)
    yield from (last, took, runs)


def queues() -> Iterator[Metric]:
    """Yield the messages and the workers of each queue, as the broker counts them. Without a broker, yield nothing."""
    waiting = GaugeMetricFamily("kumfa_queue_messages", "Tasks that no worker has taken", labels=["queue"])
    workers = GaugeMetricFamily("kumfa_queue_workers", "Workers, if the broker is RabbitMQ", labels=["queue"])
    try:
        with app.connection_for_write(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
            for queue in _QUEUES:
                with broker.channel() as channel:
                    found = channel.queue_declare(queue=queue, passive=True)
                waiting.add_metric([queue], found.message_count)
                workers.add_metric([queue], found.consumer_count)
    except Exception:
        return
    yield waiting
    if settings.CELERY_BROKER_URL.startswith("amqp"):
        yield workers


def register_all() -> None:
    """Register the collectors."""
    for collect in (build_info, clocks, scheduled_tasks, queues):
        metrics.register(collect)
