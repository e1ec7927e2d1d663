"""A refusal is one event per party and minute, one metric, and one page."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation
from time_machine import TimeMachineFixture

from audit import kinds as event_kinds
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from common.middleware import ProblemMiddleware
from limits import metrics, problems, refusals, retention
from limits.catalogue import SMS_ENROLL_PER_HOUR as TOTAL
from limits.limit import Refusal
from limits.models import LimitCounter, LimitRefusal
from tests.fixtures import MakeAccount
from tests.interface import in_en

pytestmark = pytest.mark.django_db
HERE = ClientInfo(address="192.0.2.1")


@pytest.fixture(autouse=True)
def _morning(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)


def refusal(**after: float) -> Refusal:
    return Refusal(TOTAL, timezone.now() + timedelta(**(after or {"minutes": 30})))


def test_k6_a_thousand_refusals_in_a_minute_are_one_event() -> None:
    for _ in range(1000):
        refusals.record(refusal(), HERE)
    event = SecurityEvent.objects.get()
    assert (event.kind, event.reason, event.network) == ("limit_reached", "sms_enroll_total", "192.0.2.1")
    assert LimitRefusal.objects.get().total == 1000


def test_the_next_minute_another_network_and_another_account_have_events_of_their_own(
    make_account: MakeAccount, time_machine: TimeMachineFixture
) -> None:
    account = make_account("one111")
    for _ in range(2):
        refusals.record(refusal(), HERE)
        refusals.record(refusal(), ClientInfo(address="192.0.2.2"))
        refusals.record(refusal(), HERE, account)
        time_machine.shift(timedelta(minutes=1))
    assert SecurityEvent.objects.count() == 6
    assert SecurityEvent.objects.filter(account=account).count() == 2


def test_a_refusal_that_comes_late_at_the_turn_of_a_minute_has_no_event_of_its_own(
    time_machine: TimeMachineFixture,
) -> None:
    for minutes in (1, -1, 1):
        time_machine.shift(timedelta(minutes=minutes))
        refusals.record(refusal(), HERE)
    assert SecurityEvent.objects.count() == 1
    assert LimitRefusal.objects.get().total == 3


def test_an_agent_reads_which_limit_was_reached() -> None:
    refusals.record(refusal(), HERE)
    with translation.override("en"):
        assert event_kinds.describe_reason(SecurityEvent.objects.get()) == in_en("Codes to new numbers, total")


def test_the_metric_counts_refusals_by_limit_and_never_falls(time_machine: TimeMachineFixture) -> None:
    for _ in range(3):
        refusals.record(refusal(), HERE)
    time_machine.shift(timedelta(days=2))
    retention.purge_old_data()
    refusals.record(refusal(), HERE)
    (family,) = metrics.collect()
    assert [(sample.name, sample.labels["limit"], sample.value) for sample in family.samples] == [
        ("kumfa_limit_refusals_total", "sms_enroll_total", 4)
    ]


def test_counters_are_deleted_when_their_window_is_over() -> None:
    now = timezone.now()
    for party, ends_at in (("over", now), ("open", now + timedelta(seconds=1))):
        LimitCounter.objects.create(limit="x", party=party, ends_at=ends_at, count=1)
    assert retention.purge_old_data()["counters"] == 1
    assert LimitCounter.objects.get().party == "open"


@pytest.mark.parametrize(
    ("after", "english", "danish"),
    [
        ({"minutes": 30, "seconds": 1}, "Try again at 10:31.", "Prøv igen kl. 10.31."),
        ({"hours": 20}, "Try again tomorrow at 06:00.", "Prøv igen i morgen kl. 06.00."),
        ({"days": 2}, "Try again on 3 September 2026 at 10:00.", "Prøv igen 3. september 2026 kl. 10.00."),
    ],
)
def test_the_page_names_the_day_unless_it_is_today(after: dict[str, float], english: str, danish: str) -> None:
    for language, expected in (("en", english), ("da", danish)):
        with translation.override(language):
            assert expected in problems.limit_reached(refusal(**after)).paragraphs


def test_the_page_has_status_429_and_says_when_to_retry() -> None:
    request = RequestFactory().get("/")
    problem = problems.limit_reached(refusal(minutes=2), also=("Din kode virker stadig.",))
    assert problem.paragraphs[0] == "Din kode virker stadig."
    response = ProblemMiddleware(lambda _request: None).process_exception(request, problem)  # type: ignore[arg-type,return-value]
    assert response is not None
    assert (response.status_code, response["Retry-After"]) == (429, "120")
