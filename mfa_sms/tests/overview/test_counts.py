"""Messages are counted in their hour, by delivery status."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Account
from mfa_sms import events as sms_events
from mfa_sms.models import Attempt, SmsDevice, TextMessage
from mfa_sms.tests.helpers import queued
from overview import counting
from overview.models import HourlyFigure
from overview.tests.helpers import HOUR, counted, full

pytestmark = pytest.mark.django_db


def ended(phone: SmsDevice, status: str, **fields: object) -> TextMessage:
    return queued(phone, status=status, gateway="alpha", **fields)


def labels(series: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (_hour, label), value in counted(series).items():
        sums[label] = sums.get(label, 0) + value
    return sums


def test_messages_count_by_status_in_the_hour_in_which_they_were_asked_for(phone: SmsDevice) -> None:
    now = full(timezone.now())
    ended(phone, "delivered", created_at=now - timedelta(microseconds=1))
    ended(phone, "delivered", created_at=now)
    ended(phone, "failed", created_at=now)
    counting.count_figures()
    assert counted("messages") == {
        (now - HOUR, "delivered"): 1,
        (now, "delivered"): 1,
        (now, "failed"): 1,
    }
    assert set(HourlyFigure.objects.filter(series="messages").values_list("affiliation", "language")) == {
        ("student", "da")
    }


def test_a_message_that_is_delivered_later_moves_to_its_new_status(phone: SmsDevice) -> None:
    message = ended(phone, "sent")
    counting.count_figures()
    message.status = "delivered"
    message.save()
    counting.count_figures()
    assert labels("messages") == {"delivered": 1}


def test_tests_by_agents_are_not_counted(phone: SmsDevice) -> None:
    ended(phone, "delivered", notice=TextMessage.TEST)
    counting.count_figures()
    assert labels("messages") == {}


def test_receipts_count_by_the_seconds_that_they_took(phone: SmsDevice) -> None:
    now = timezone.now()
    for seconds in (0.5, 3, 3.1, 601):
        ended(phone, "delivered", created_at=now, receipt_at=now + timedelta(seconds=seconds))
    ended(phone, "undeliverable", created_at=now, receipt_at=now + timedelta(seconds=3))
    ended(phone, "delivered", created_at=now)
    counting.count_figures()
    assert labels("delivery_seconds") == {"1": 1, "3": 1, "4": 1, "longer": 1}


def test_codes_count_by_country_and_end(phone: SmsDevice) -> None:
    for number, status in (
        ("+4526123478", "delivered"),
        ("+46701234567", "undeliverable"),
        ("+46701234567", "sent"),
        ("+3545551234", "failed"),
        ("+4526123478", "queued"),
        ("+4526123478", "cancelled"),
    ):
        ended(phone, status, number=number)
    counting.count_figures()
    assert labels("country_codes") == {"well:DK": 1, "failed:SE": 1, "well:SE": 1, "failed:IS": 1}


def test_countries_are_kept_once_the_numbers_are_gone(phone: SmsDevice, settings: Settings) -> None:
    at = timezone.now() - timedelta(days=100)
    counting.backfill(at - HOUR, lambda until: None)
    HourlyFigure.objects.create(
        hour=full(at), series="country_codes", label="well:DK", affiliation="student", language="da", value=5
    )
    ended(phone, "delivered", number="", created_at=at)
    counting.backfill(at - HOUR, lambda until: None)
    assert labels("country_codes") == {"well:DK": 5}
    assert labels("messages") == {"delivered": 1}


def test_codes_count_by_gateway_and_whether_it_failed(phone: SmsDevice) -> None:
    now = timezone.now()
    for status, attempts in (
        ("delivered", [("alpha", "unavailable"), ("beta", "accepted")]),
        ("undeliverable", [("alpha", "accepted")]),
        ("rejected", [("alpha", "refused")]),
    ):
        message = queued(phone, status=status, gateway=attempts[-1][0])
        for gateway, outcome in attempts:
            Attempt.objects.create(message=message, gateway=gateway, outcome=outcome, started_at=now)
    counting.count_figures()
    assert labels("gateway_codes") == {"failed:alpha": 2, "well:alpha": 1, "well:beta": 1}


def test_what_gateways_did_counts_in_its_hour(student: Account) -> None:
    sms_events.gateway_out_of_service("alpha", "5 failures")
    sms_events.gateway_in_service("alpha", "3 successes")
    sms_events.gateway_out_of_service("beta", "5 failures")
    counting.count_figures()
    assert labels("gateway_switches") == {"out:alpha": 1, "in:alpha": 1, "out:beta": 1}


def test_the_hour_that_the_clock_repeats_is_two_hours_of_messages(phone: SmsDevice) -> None:
    for hour in (0, 1):
        ended(phone, "delivered", created_at=datetime(2025, 10, 26, hour, 30, tzinfo=UTC))
    counting.backfill(datetime(2025, 10, 25, tzinfo=UTC), lambda until: None)
    assert sorted(hour.hour for hour, _label in counted("messages")) == [0, 1]
