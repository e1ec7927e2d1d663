"""Hints about a phone that messages do not reach, and about an unused method, on the page and at sign-in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.helpers import queued
from tests.fixtures import Walk, confirmed_phone

MISSED = "er ikke nået frem"
UNUSED = "Du har ikke brugt denne loginmetode siden"


def fate(phone: SmsDevice, *statuses: str) -> None:
    """Give the last messages to a phone these statuses, the newest last."""
    for ago, status in enumerate(reversed(statuses)):
        message = queued(phone, created_at=timezone.now() - timedelta(days=1, minutes=ago))
        TextMessage.objects.filter(pk=message.pk).update(status=status)


def pages(walk: Walk, phone: SmsDevice) -> list[str]:
    walk.name(phone.user)
    at_sign_in = walk.password().content.decode()
    walk.send(phone)
    walk.code()
    walk.stay()
    return [at_sign_in, walk.get("/security-info/").content.decode()]


def test_after_three_messages_that_did_not_arrive_the_pages_say_so(walk: Walk, phone: SmsDevice) -> None:
    fate(phone, "delivered", "undeliverable", "expired", "rejected")
    for page in pages(walk, phone):
        assert MISSED in page
        assert "+45 •• •• •• 78" in page


@pytest.mark.parametrize(
    "statuses",
    [("undeliverable", "expired"), ("undeliverable", "expired", "delivered"), ("failed", "unknown", "failed")],
)
def test_fewer_or_our_own_faults_say_nothing(walk: Walk, phone: SmsDevice, statuses: tuple[str, ...]) -> None:
    fate(phone, *statuses)
    for page in pages(walk, phone):
        assert MISSED not in page


def test_another_phones_messages_do_not_count(walk: Walk, phone: SmsDevice) -> None:
    other = confirmed_phone(phone.user, "+4526123499")
    fate(other, "undeliverable", "undeliverable", "undeliverable")
    for page in pages(walk, phone):
        assert page.count(MISSED) == 1
        assert "99 er ikke nået frem" in page


def test_a_method_that_was_not_used_for_half_a_year_is_named(walk: Walk, phone: SmsDevice) -> None:
    other = confirmed_phone(phone.user, "+4526123499")
    SmsDevice.objects.filter(pk=other.pk).update(last_used_at=timezone.now() - timedelta(days=181))
    SmsDevice.objects.filter(pk=phone.pk).update(last_used_at=timezone.now())
    for page in pages(walk, phone):
        assert page.count(UNUSED) == 1
        assert "•• 99. Er den ikke længere din" in page


def test_a_single_method_is_not_called_unused(walk: Walk, phone: SmsDevice) -> None:
    SmsDevice.objects.filter(pk=phone.pk).update(
        last_used_at=timezone.now() - timedelta(days=400), created_at=timezone.now() - timedelta(days=500)
    )
    walk.name(phone.user)
    assert UNUSED not in walk.password().content.decode()
