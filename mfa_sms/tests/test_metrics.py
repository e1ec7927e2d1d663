"""The metrics for Prometheus."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from mfa_sms import breaker
from mfa_sms.models import Attempt, Receipt, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import Clock, html, queued
from overview import totals

TOKEN = "a-token-of-the-test"


@pytest.fixture(autouse=True)
def _token(settings: Settings, db: None) -> None:
    settings.METRICS_TOKEN = TOKEN


def page(authorization: str = f"Bearer {TOKEN}") -> Any:
    return Client().get("/metrics", headers={"Authorization": authorization})


def families() -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(html(page()))}


def samples(name: str) -> dict[tuple[str, ...], float]:
    """Return the value of every sample with that name, keyed by its label values."""
    return {
        tuple(sample.labels.values()): sample.value
        for family in families().values()
        for sample in family.samples
        if sample.name == name
    }


def ago(seconds: float) -> datetime:
    return timezone.now() - timedelta(seconds=seconds)


@pytest.mark.parametrize("token", ["", f"Bearer {TOKEN}"])
def test_asvs_13_4_5_without_a_token_in_the_settings_there_is_no_page(settings: Settings, token: str) -> None:
    settings.METRICS_TOKEN = ""
    assert page(token).status_code == 404
    assert page("Bearer ").status_code == 404


@pytest.mark.parametrize("authorization", ["", "Bearer ", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer æøå"])
def test_asvs_13_4_5_who_does_not_have_the_token_is_refused(authorization: str) -> None:
    response = page(authorization)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert "kumfa" not in html(response)


def test_the_page_is_only_read() -> None:
    assert Client().post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405


def test_the_page_is_prometheus_text(phone: SmsDevice) -> None:
    queued(phone)
    response = page()
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    found = families()
    for name in (
        "messages_last_hour",
        "attempts",
        "gateway_seconds",
        "receipt_seconds",
        "waiting",
        "gateway_out_of_service",
        "strange_receipts_last_hour",
    ):
        assert f"kumfa_sms_{name}" in found
    assert all(family.documentation for family in found.values())


def test_messages_of_the_last_hour_are_counted_by_gateway_kind_and_state(clock: Clock, phone: SmsDevice) -> None:
    queued(phone, status="delivered", gateway="first")
    clock.forward(hours=1)
    for _ in range(2):
        queued(phone, status="delivered", gateway="first")
    queued(phone, status="sent", gateway="second")
    queued(phone)
    assert samples("kumfa_sms_messages_last_hour") == {
        ("first", "sign_in", "delivered"): 2,
        ("second", "sign_in", "sent"): 1,
        ("", "sign_in", "queued"): 1,
    }


def counted(clock: Clock) -> None:
    """Run the task that counts, when everything before now has settled."""
    clock.forward(totals.SETTLE.total_seconds() + 1)
    totals.count_totals()


def test_the_time_to_the_gateway_is_a_histogram_that_only_grows(clock: Clock, phone: SmsDevice) -> None:
    counted(clock)
    for seconds in (0.04, 0.2, 0.2, 7):
        queued(phone, status="sent", gateway="first", sent_at=timezone.now(), created_at=ago(seconds))
    queued(phone)
    counted(clock)
    buckets = samples("kumfa_sms_gateway_seconds_bucket")
    assert [buckets[(limit,)] for limit in ("0.05", "0.1", "0.25", "5.0", "10.0", "+Inf")] == [1, 1, 3, 3, 4, 4]
    assert samples("kumfa_sms_gateway_seconds_count") == {(): 4}
    assert samples("kumfa_sms_gateway_seconds_sum")[()] == pytest.approx(7.44)
    queued(phone, status="sent", gateway="first", sent_at=timezone.now(), created_at=ago(1))
    counted(clock)
    counted(clock)
    assert samples("kumfa_sms_gateway_seconds_count") == {(): 5}


def test_the_time_to_the_receipt_is_a_histogram(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FakeGateway("first"))
    counted(clock)
    for seconds in (1, 30, 601):
        queued(phone, status="delivered", gateway="first", receipt_at=timezone.now(), created_at=ago(seconds))
    notice = queued(phone, status="delivered", gateway="first", receipt_at=timezone.now())
    TextMessage.objects.filter(pk=notice.pk).update(purpose=TextMessage.NOTICE)
    counted(clock)
    buckets = samples("kumfa_sms_receipt_seconds_bucket")
    assert [buckets[(limit,)] for limit in ("1.0", "2.5", "30.0", "600.0", "+Inf")] == [1, 1, 2, 2, 3]


def test_attempts_are_counted_by_gateway_and_outcome(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FakeGateway("first"))
    counted(clock)
    message = queued(phone)
    for outcome in (Attempt.Outcome.ACCEPTED, Attempt.Outcome.ACCEPTED, Attempt.Outcome.UNAVAILABLE):
        message.attempts.create(gateway="first", outcome=outcome, started_at=timezone.now(), ended_at=timezone.now())
    counted(clock)
    assert samples("kumfa_sms_attempts_total") == {
        ("first", Attempt.Outcome.ACCEPTED.value): 2,
        ("first", Attempt.Outcome.UNAVAILABLE.value): 1,
    }


def test_what_waits_is_counted_by_age(clock: Clock, phone: SmsDevice) -> None:
    queued(phone)
    clock.forward(240)
    queued(phone, status="sending")
    clock.forward(50)
    queued(phone)
    clock.forward(10)
    queued(phone)
    queued(phone, status="sent")
    assert samples("kumfa_sms_waiting") == {("0",): 4, ("10",): 3, ("60",): 2, ("300",): 1}


def test_gateways_that_rest_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakeGateway("first"), FakeGateway("second"))
    assert samples("kumfa_sms_gateway_out_of_service") == {("first",): 0, ("second",): 0}
    breaker._open("second", "5 failures in a row")
    assert samples("kumfa_sms_gateway_out_of_service") == {("first",): 0, ("second",): 1}


def test_attempts_of_the_last_hour_are_counted_by_gateway_outcome_and_code(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FakeGateway("first"))
    message = queued(phone)
    for code in ("http-402", "http-402", "http-503"):
        outcome = "misconfigured" if code == "http-402" else "unavailable"
        now = timezone.now()
        message.attempts.create(gateway="first", outcome=outcome, code=code, started_at=now, ended_at=now)
    assert samples("kumfa_sms_attempts_last_hour") == {
        ("http-402", "first", "misconfigured"): 2,
        ("http-503", "first", "unavailable"): 1,
    }
    clock.forward(hours=1)
    assert samples("kumfa_sms_attempts_last_hour") == {}


def test_the_clock_of_the_host_is_compared_with_the_databases() -> None:
    assert abs(samples("kumfa_clock_skew_seconds")[()]) < 5


def test_receipts_for_no_message_of_ours_are_counted_for_an_hour(clock: Clock, phone: SmsDevice) -> None:
    message = queued(phone)
    values: list[dict[str, Any]] = [
        {"processed_at": timezone.now()},
        {"processed_at": timezone.now(), "message": message},
        {},
    ]
    for number, fields in enumerate(values):
        Receipt.objects.create(gateway="first", event_id=str(number), raw="", state="sent", **fields)
    assert samples("kumfa_sms_strange_receipts_last_hour") == {(): 1}
    clock.forward(hours=1)
    assert samples("kumfa_sms_strange_receipts_last_hour") == {(): 0}


def test_what_is_not_measured_yet_is_nought(db: None) -> None:
    assert samples("kumfa_sms_gateway_seconds_count") == {(): 0}
    assert set(samples("kumfa_sms_waiting").values()) == {0}


def test_asvs_16_2_5_no_number_and_no_name_is_in_the_metrics(clock: Clock, phone: SmsDevice) -> None:
    queued(phone)
    queued(phone)
    Receipt.objects.create(gateway="first", event_id="1", raw="+4526123478", state="sent", reference="4526123478")
    text = html(page())
    assert "26123478" not in text
    assert str(phone.user.account_name) not in text


def test_a_scrape_makes_as_many_queries_however_many_messages(
    phone: SmsDevice, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        queued(phone)
    with django_assert_max_num_queries(17):
        page()
