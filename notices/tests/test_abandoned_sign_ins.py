"""ASVS 6.3.5: the owner is notified of a correct password without a second factor."""

from datetime import timedelta

import pytest
from django.core import mail
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit import kinds
from audit.log import write_event
from audit.models import SecurityEvent
from mfa_sms.models import SmsDevice
from notices import abandoned_sign_ins
from notices.models import Notice
from notices.tests.owners import CLIENT, FIREFOX, body, english, report_path
from sign_in import events
from tests.fixtures import MakeAccount, Walk, confirmed_phone


@pytest.fixture(autouse=True)
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """Stop the clock until a test moves it."""
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)
    return time_machine


def after(clock: TimeMachineFixture, **period: float) -> int:
    """Move the clock and run the task. Return the total number of owners that were notified."""
    clock.shift(timedelta(**period))
    abandoned_sign_ins.notify_abandoned_sign_ins.delay()
    return Notice.objects.filter(kind="second_factor_missing").count()


def accepted(account: Account) -> None:
    events.password_accepted(account, str(account.account_name), CLIENT)


@pytest.mark.django_db(transaction=True)
def test_asvs_6_3_5_a_password_that_nothing_followed_is_mailed_to_the_owner(
    walk: Walk, phone: SmsDevice, clock: TimeMachineFixture
) -> None:
    english(phone.user)
    walk.browser.defaults["HTTP_USER_AGENT"] = FIREFOX
    walk.to_password(phone.user)
    assert after(clock, minutes=10) == 1
    assert [message.to for message in mail.outbox] == [["stu123@example.org"]]
    assert "Someone entered the right password for your UCPH account, but no code." in body()
    assert "Time: 1 September 2026 at 10:00" in body()
    assert "From: Firefox, Windows" in body()
    assert "IP address: 127.0.0.1" in body()
    assert report_path(body())
    event = SecurityEvent.objects.get(kind="second_factor_missing")
    password = SecurityEvent.objects.get(kind="password_accepted")
    assert (event.account, event.detail, event.browser) == (phone.user, str(password.pk), FIREFOX)


def test_asvs_6_3_5_nobody_is_told_before_ten_minutes_are_over(phone: SmsDevice, clock: TimeMachineFixture) -> None:
    accepted(phone.user)
    assert after(clock, seconds=599) == 0
    assert after(clock, seconds=1) == 1


def test_asvs_6_3_5_nobody_is_told_by_sms(walk: Walk, phone: SmsDevice, clock: TimeMachineFixture) -> None:
    accepted(phone.user)
    assert after(clock, minutes=11) == 1
    assert walk.outbox.messages == []


def test_asvs_6_3_5_who_has_signed_in_is_not_told(walk: Walk, phone: SmsDevice, clock: TimeMachineFixture) -> None:
    walk.to_code(phone)
    clock.shift(timedelta(minutes=9))
    walk.code()
    assert after(clock, minutes=2) == 0


def test_asvs_6_3_5_a_sign_in_before_the_password_does_not_count(phone: SmsDevice, clock: TimeMachineFixture) -> None:
    events.signed_in(phone.user, phone, CLIENT)
    clock.shift(timedelta(seconds=1))
    accepted(phone.user)
    assert after(clock, minutes=11) == 1


def test_asvs_6_3_5_a_sign_in_of_somebody_else_does_not_count(
    phone: SmsDevice, employee: Account, clock: TimeMachineFixture
) -> None:
    accepted(phone.user)
    events.signed_in(employee, phone, CLIENT)
    assert after(clock, minutes=11) == 1


def test_asvs_6_3_5_what_is_older_than_half_an_hour_is_left(phone: SmsDevice, clock: TimeMachineFixture) -> None:
    accepted(phone.user)
    assert after(clock, minutes=30) == 0


def test_asvs_6_3_5_who_has_no_method_yet_is_told_too(student: Account, clock: TimeMachineFixture) -> None:
    accepted(student)
    assert after(clock, minutes=11) == 1


@pytest.mark.parametrize("state", ["wrong_domain", "too_old", "disabled"])
@pytest.mark.django_db(transaction=True)
def test_asvs_6_3_5_a_right_password_is_mailed_whatever_the_portal_answered(
    walk: Walk, phone: SmsDevice, clock: TimeMachineFixture, state: str
) -> None:
    account = english(phone.user)
    if state == "too_old":
        Account.objects.update(password_changed_at="2025-01-01T00:00Z")
    if state == "disabled":
        Account.objects.update(is_active=False)
    walk.name("stu123@ku.dk" if state == "wrong_domain" else account)
    walk.password()
    assert SecurityEvent.objects.get(account=account).reason == state
    assert after(clock, minutes=10) == 1
    assert [message.to for message in mail.outbox] == [["stu123@example.org"]]
    assert report_path(body())


def test_asvs_6_3_5_a_reason_that_is_added_later_proves_the_password_too(
    phone: SmsDevice, clock: TimeMachineFixture
) -> None:
    events.password_refused(phone.user, "stu123", "blocked", CLIENT)
    assert after(clock, minutes=11) == 1


def test_asvs_6_3_5_a_kind_of_event_that_is_added_later_is_covered(
    phone: SmsDevice, clock: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    proof = kinds.register(kinds.EventKind("key_proven", "Proven by a key", proves_password=True))
    write_event(proof, CLIENT, phone.user)
    assert after(clock, minutes=11) == 1


def test_asvs_6_3_5_who_corrects_the_domain_and_signs_in_is_not_told(
    walk: Walk, phone: SmsDevice, clock: TimeMachineFixture
) -> None:
    walk.name("stu123@ku.dk")
    walk.password()
    clock.shift(timedelta(seconds=30))
    walk.signed_in(phone)
    assert after(clock, minutes=11) == 0


def test_asvs_6_3_5_who_replaces_an_old_password_is_told_of_that_alone(
    phone: SmsDevice, clock: TimeMachineFixture
) -> None:
    events.password_refused(phone.user, "stu123", "too_old", CLIENT)
    clock.shift(timedelta(minutes=5))
    events.password_changed(phone.user, CLIENT)
    assert after(clock, minutes=6) == 0
    assert Notice.objects.get().kind == "password_changed"


def test_asvs_6_3_5_who_enrolls_and_leaves_it_at_that_is_not_told(
    walk: Walk, student: Account, clock: TimeMachineFixture
) -> None:
    walk.enrolled(student)
    assert after(clock, minutes=11) == 0


def test_asvs_6_3_5_a_locked_phone_is_a_method_too(phone: SmsDevice, clock: TimeMachineFixture) -> None:
    SmsDevice.objects.update(disabled_at="2026-08-01T00:00Z")
    accepted(phone.user)
    assert after(clock, minutes=11) == 1


def test_asvs_6_3_5_who_gives_up_often_is_told_once_a_day(phone: SmsDevice, clock: TimeMachineFixture) -> None:
    accepted(phone.user)
    accepted(phone.user)
    assert after(clock, minutes=11) == 1
    assert after(clock, minutes=1) == 1
    accepted(phone.user)
    assert after(clock, hours=23, minutes=50) == 1
    accepted(phone.user)
    assert after(clock, minutes=15) == 2


def test_asvs_6_3_5_each_owner_is_told(phone: SmsDevice, make_account: MakeAccount, clock: TimeMachineFixture) -> None:
    other = confirmed_phone(make_account("oth111", is_student=True), "+4526123411")
    accepted(phone.user)
    accepted(other.user)
    assert after(clock, minutes=11) == 2


@pytest.mark.parametrize("reason", ["wrong", "unknown"])
def test_asvs_6_3_5_a_wrong_password_is_not_told(phone: SmsDevice, clock: TimeMachineFixture, reason: str) -> None:
    events.password_refused(phone.user, "stu123@alumni.ku.dk", reason, CLIENT)
    assert after(clock, minutes=11) == 0
