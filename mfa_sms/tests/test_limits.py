"""The quotas of five messages in half an hour and ten in a day, for an account and for a number."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from accounts.models import Account
from mfa_sms import limits
from mfa_sms.limits import Limit
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.helpers import Clock, html, kinds, queued
from tests.fixtures import MakeAccount, Outbox, Walk, confirmed_phone

TOO_MANY = "Vi kan ikke sende flere koder lige nu"
STILL_WORKS = "Koden, du har fået, virker stadig."


def walks(outbox: Outbox, times: int) -> Iterator[Walk]:
    """Return the given number of new browsers."""
    return (Walk(outbox) for _ in range(times))


def sign_in_often(outbox: Outbox, device: SmsDevice, times: int) -> None:
    for walk in walks(outbox, times):
        walk.signed_in(device)


def sent(device: SmsDevice, minutes_ago: float, times: int = 1) -> None:
    for _ in range(times):
        queued(device, created_at=timezone.now() - timedelta(minutes=minutes_ago))


def test_the_sixth_message_in_half_an_hour_is_refused_also_after_right_codes(
    clock: Clock, walk: Walk, phone: SmsDevice
) -> None:
    sign_in_often(walk.outbox, phone, 5)
    walk.to_password(phone.user)
    response = walk.send(phone)
    assert response.status_code == 429
    assert TOO_MANY in html(response)
    assert "Bed om en ny kl. 10.30." in html(response)
    assert STILL_WORKS not in html(response)
    assert len(walk.outbox.messages) == 5
    assert kinds(phone.user, "code_not_sent") == [("code_not_sent", "half_hour")]


def test_the_sixth_message_is_sent_when_half_an_hour_is_over(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    sign_in_often(walk.outbox, phone, 5)
    clock.forward(minutes=30, seconds=-1)
    walk.to_password(phone.user)
    walk.send(phone)
    assert len(walk.outbox.messages) == 5
    clock.forward(1)
    walk.send(phone)
    assert len(walk.outbox.messages) == 6


def test_the_sixth_unanswered_message_is_refused_with_a_way_back_to_the_code(
    clock: Clock, walk: Walk, phone: SmsDevice
) -> None:
    walk.to_code(phone)
    for seconds in (31, 61, 121, 121):
        clock.forward(seconds)
        walk.send(phone)
    clock.forward(121)
    page = html(walk.send(phone))
    assert TOO_MANY in page
    assert STILL_WORKS in page
    assert "Indtast koden" in page
    assert "Vil du forblive logget ind" in html(walk.code())


def test_the_eleventh_message_of_a_day_is_refused(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    sent(phone, 60 * 23, 5)
    sent(phone, 60 * 12, 5)
    walk.to_password(phone.user)
    response = walk.send(phone)
    assert response.status_code == 429
    assert "Bed om en ny kl. 11.00." in html(response)
    assert walk.outbox.messages == []
    assert kinds(phone.user, "code_not_sent") == [("code_not_sent", "day")]
    clock.forward(hours=1)
    Walk(walk.outbox).to_code(phone)
    assert len(walk.outbox.messages) == 1


def test_the_later_of_two_limits_is_said(clock: Clock, phone: SmsDevice) -> None:
    sent(phone, 60 * 12, 5)
    sent(phone, 5, 5)
    refused = limits.find_limit(phone, limits.recent_messages(phone))
    assert refused is not None
    assert (refused.limit, refused.until) == (Limit.DAY, timezone.now() + timedelta(hours=12))
    TextMessage.objects.filter(created_at__lt=timezone.now() - timedelta(hours=1)).delete()
    refused = limits.find_limit(phone, limits.recent_messages(phone))
    assert refused is not None
    assert (refused.limit, refused.until) == (Limit.HALF_HOUR, timezone.now() + timedelta(minutes=25))


def test_two_accounts_that_share_a_number_share_its_limit(
    clock: Clock, walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    sister = confirmed_phone(make_account("sis111", is_student=True))
    sign_in_often(walk.outbox, phone, 3)
    sign_in_often(walk.outbox, sister, 2)
    walk.to_password(sister.user)
    assert walk.send(sister).status_code == 429
    assert len(walk.outbox.messages) == 5
    assert kinds(sister.user, "code_not_sent") == [("code_not_sent", "half_hour")]
    assert kinds(phone.user, "code_not_sent") == []


def test_an_account_with_several_numbers_has_one_limit(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    second = confirmed_phone(phone.user, "+4526123499")
    sign_in_often(walk.outbox, phone, 3)
    sign_in_often(walk.outbox, second, 2)
    walk.to_password(phone.user)
    assert walk.send(second).status_code == 429
    assert walk.send(phone).status_code == 429


def test_the_limit_of_another_number_and_account_is_its_own(
    clock: Clock, walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    sign_in_often(walk.outbox, phone, 5)
    other = confirmed_phone(make_account("oth222", is_student=True), "+4526123499")
    walk.to_code(other)
    assert len(walk.outbox.messages) == 6


def test_correcting_the_number_does_not_reset_the_limit(clock: Clock, walk: Walk, student: Account) -> None:
    walk.to_password(student).number()
    sent(SmsDevice.objects.get(), 1, 4)
    response = walk.number("26 12 34 79")
    assert response.status_code == 429
    assert len(walk.outbox.messages) == 1


def test_a_number_is_on_three_accounts_at_most(walk: Walk, student: Account, make_account: MakeAccount) -> None:
    for name in ("one111", "two222", "thr333"):
        device = confirmed_phone(make_account(name, is_student=True))
    response = walk.to_password(student).number()
    assert response.status_code == 422
    page = html(response)
    assert "Vi kan ikke sende koder til dette nummer" in page
    assert "thr333" not in page
    assert walk.outbox.messages == []
    assert kinds(student, "code_not_sent") == [("code_not_sent", "shared")]
    device.delete()
    walk.number()
    assert len(walk.outbox.messages) == 1


def test_an_account_that_is_being_enrolled_counts_while_its_code_lives(
    clock: Clock, walk: Walk, student: Account, make_account: MakeAccount
) -> None:
    for name in ("one111", "two222"):
        confirmed_phone(make_account(name, is_student=True))
    Walk(walk.outbox).to_password(make_account("thr333", is_student=True)).number()
    assert walk.to_password(student).number().status_code == 422
    clock.forward(minutes=10)
    walk.number()
    assert len(walk.outbox.messages) == 2


def test_a_shared_number_that_is_confirmed_keeps_working(
    walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    for name in ("one111", "two222", "thr333"):
        confirmed_phone(make_account(name, is_student=True))
    walk.signed_in(phone)
    assert kinds(phone.user, "signed_in") == [("signed_in", "")]
