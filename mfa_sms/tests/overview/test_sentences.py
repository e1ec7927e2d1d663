"""The sentences on messages and gateways, for none, one and many, in both languages."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from mfa_sms.models import GatewayState
from mfa_sms.overview import gateways, messages, seconds
from overview.tests.helpers import keep, measured, now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_messages_are_not_known_before_anything_was_counted() -> None:
    assert messages.say_messages(now()) == "Text messages have not been counted yet."


@pytest.mark.parametrize(
    ("sent", "delivered", "said"),
    [
        (0, 0, "No text message was sent in the last 24 hours."),
        (1, 0, "1 text message was sent in the last 24 hours; delivered: 0."),
        (0, 1, "1 text message was sent in the last 24 hours; delivered: 1."),
        (100, 1200, "1,300 text messages were sent in the last 24 hours; delivered: 1,200."),
    ],
)
def test_messages_of_a_day_are_said(sent: int, delivered: int, said: str) -> None:
    measured()
    for label, value in (("sent", sent), ("delivered", delivered)):
        keep("messages", label, value)
        keep("messages", label, 5000, ago=24)
    keep("messages", "failed", 3)
    assert messages.say_messages(now()) == said


def test_numbers_are_written_as_in_danish() -> None:
    keep("messages", "delivered", 1234)
    with translation.override("da"):
        assert "1.234" in messages.say_messages(now())


@pytest.mark.parametrize(
    ("buckets", "expected"),
    [
        ({}, None),
        ({"1": 1}, 0.5),
        ({"4": 1}, 3.5),
        ({"2": 1, "10": 1}, 2),
        ({"2": 10, "3": 20, "600": 10}, 2.5),
        ({"5": 1, "longer": 2}, float("inf")),
    ],
)
def test_the_median_is_told_from_buckets(buckets: dict[str, int], expected: float | None) -> None:
    assert seconds.median(buckets) == expected


@pytest.mark.parametrize(
    ("bucket", "said"),
    [
        ("", "No receipt has come in the last 24 hours, so how long codes take is not known."),
        ("1", "Half of the codes in the last 24 hours reached the phone within 1 second."),
        ("10", "Half of the codes in the last 24 hours reached the phone within 9 seconds."),
        ("longer", "Half of the codes in the last 24 hours took more than 10 minutes to reach the phone."),
    ],
)
def test_how_long_codes_take_is_said(bucket: str, said: str) -> None:
    if bucket:
        keep("delivery_seconds", bucket, 3)
    assert seconds.say_seconds(now()) == said


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ([], "All gateways are in service."),
        (["file"], "1 of 2 gateways is paused: file since 1 September 2026 at 14:05."),
        (
            ["file", "console"],
            "2 of 2 gateways are paused: "
            "console since 1 September 2026 at 14:05, file since 1 September 2026 at 14:05.",
        ),
        (["gone"], "All gateways are in service."),
    ],
)
def test_gateways_that_rest_are_named_with_since_when(settings: Settings, out: list[str], said: str) -> None:
    settings.SMS_GATEWAYS = ["file:///tmp/x", "console://"]
    for slug in out:
        GatewayState.objects.create(
            gateway=slug, out_of_service=True, changed_at=datetime(2026, 9, 1, 12, 5, tzinfo=UTC)
        )
    assert gateways.say_gateways(now()) == said


def test_that_no_gateway_is_set_up_is_said(settings: Settings) -> None:
    settings.SMS_GATEWAYS = []
    assert gateways.say_gateways(now()) == "No gateway is set up."
