"""Metrics of the whole portal: version, clocks, scheduled tasks, seals, events and notices."""

from datetime import timedelta

import pytest
from celery import shared_task
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.log import write_event
from audit.sealing.sealer import seal
from common.client_info import ClientInfo
from kumfa import task_runs
from kumfa.version import VERSION
from overview.models import TaskRun
from overview.task_runs import record
from sign_in.events import PASSWORD_ACCEPTED, SIGNED_IN

TOKEN = "a-token-of-the-test"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def samples(name: str) -> dict[tuple[str, ...], float]:
    """Return the value of every sample with that name, keyed by its label values in the order of their names."""
    text = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    return {
        tuple(sample.labels[label] for label in sorted(sample.labels)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


def test_the_version_is_a_label() -> None:
    ((_django, _python, version),) = samples("kumfa_build_info")
    assert version == VERSION


def test_the_skew_of_the_clock_is_told() -> None:
    assert abs(samples("kumfa_clock_skew_seconds")[()]) < 60


def test_runs_of_scheduled_tasks_are_told() -> None:
    record("audit.seal_events", timedelta(seconds=2), succeeded=True)
    record("audit.seal_events", timedelta(seconds=3), succeeded=False)
    last = samples("kumfa_last_run_timestamp_seconds")[("audit.seal_events",)]
    assert abs(last - timezone.now().timestamp()) < 60
    assert samples("kumfa_last_run_seconds") == {("audit.seal_events",): 3}
    runs = samples("kumfa_task_runs_total")
    assert runs == {("succeeded", "audit.seal_events"): 1, ("failed", "audit.seal_events"): 1}


@shared_task(name="kumfa.tests.fails")
def fails() -> None:
    """Do nothing."""


@pytest.mark.parametrize(("state", "failures"), [("SUCCESS", 0), ("FAILURE", 1)])
def test_the_end_of_a_scheduled_task_is_recorded(settings: Settings, state: str, failures: int) -> None:
    settings.CELERY_BEAT_SCHEDULE = {fails.name: {}}
    fails.push_request(is_eager=False)  # type: ignore[call-arg]
    task_runs._begin(task=fails)
    task_runs._end(task=fails, state=state)
    fails.pop_request()
    run = TaskRun.objects.get(task=fails.name)
    assert (run.runs, run.failures) == (1, failures)


def test_the_end_of_any_other_task_is_not(settings: Settings) -> None:
    fails.push_request(is_eager=False)  # type: ignore[call-arg]
    task_runs._end(task=fails, state="SUCCESS")
    fails.pop_request()
    assert not TaskRun.objects.exists()


def test_events_are_counted_by_kind_once_they_are_sealed(student: Account) -> None:
    write_event(PASSWORD_ACCEPTED, ClientInfo(), student)
    write_event(SIGNED_IN, ClientInfo(), student)
    assert samples("kumfa_events_unsealed") == {(): 2}
    seal()
    write_event(SIGNED_IN, ClientInfo(), student)
    seal()
    seal()
    assert samples("kumfa_events_total") == {("password_accepted",): 1, ("signed_in",): 2}
    assert samples("kumfa_events_unsealed") == {(): 0}
    assert abs(samples("kumfa_event_last_seal_timestamp_seconds")[()] - timezone.now().timestamp()) < 60


def test_notices_that_wait_are_told() -> None:
    assert samples("kumfa_notices_waiting") == {(): 0}
    assert samples("kumfa_notices_oldest_seconds") == {(): 0}
