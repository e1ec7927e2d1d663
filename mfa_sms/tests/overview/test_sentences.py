"""The sentences on messages and gateways, for none, one and many, in both languages."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from mfa_sms.overview import messages, seconds
from overview.tests.helpers import keep, measured, now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_messages_are_not_known_before_anything_was_counted() -> None:
    assert messages.say_messages(now()) == "Text messages have not been counted yet."


@pytest.mark.parametrize(
    ("sent", "delivered", "failed", "said"),
    [
        (0, 0, 0, "No text message was sent in the last 24 hours."),
        (1, 0, 3, "1 text message was sent in the last 24 hours; delivered: 0, failed: 3."),
        (0, 0, 3, "0 text messages were sent in the last 24 hours; delivered: 0, failed: 3."),
        (0, 1, 0, "1 text message was sent in the last 24 hours; delivered: 1, failed: 0."),
        (100, 1200, 3, "1,300 text messages were sent in the last 24 hours; delivered: 1,200, failed: 3."),
    ],
)
def test_messages_of_a_day_are_said(sent: int, delivered: int, failed: int, said: str) -> None:
    measured()
    for label, value in (("sent", sent), ("delivered", delivered)):
        keep("messages", label, value)
        keep("messages", label, 5000, ago=24)
    keep("messages", "failed", failed)
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
