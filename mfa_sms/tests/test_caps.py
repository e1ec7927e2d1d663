"""Caps on totals: enrollment and notices stop, operators are told once, and sign-ins go on."""

from functools import partial

import pytest
from django.test import TestCase
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from limits.models import LimitAlarm, LimitCounter
from mfa_sms import notifier, sending
from mfa_sms.models import Purpose, SmsDevice, TextMessage
from mfa_sms.sending import Queued
from mfa_sms.tests.helpers import Clock, ask, html, kinds, pending_of
from mfa_sms.tests.races import at_once
from notices import own_notices
from sign_in import known_browsers
from tests.fixtures import MakeAccount, Outbox, Walk, confirmed_phone

LATVIAN = "+371201234{:02}"


def enroll(account: Account, number: str, address: str = "192.0.2.1") -> bool:
    """Have a code sent to a new number from the address. Return whether it was queued."""
    device = SmsDevice.objects.create(user=account, number=number)
    client = ClientInfo(address=address)
    asked = sending.request_code(device.pk, Purpose.ENROLL, pending_of(account), client)
    return isinstance(asked, Queued)


def refused_by() -> list[str]:
    return list(SecurityEvent.objects.filter(kind="limit_reached").order_by("pk").values_list("reason", flat=True))


@pytest.mark.parametrize(
    ("setting", "limit", "number", "address"),
    [
        ("SMS_ENROLL_PER_HOUR", "sms_enroll_total", "+45201{0}1234", "198.51.{0}.1"),
        ("SMS_ENROLL_ABROAD_PER_HOUR", "sms_enroll_abroad", "+3712{0}01234", "198.51.{0}.1"),
        ("SMS_ENROLL_PER_PREFIX_PER_HOUR", "sms_enroll_prefix", "+452012123{0}", "198.51.{0}.1"),
        ("SMS_ENROLL_PER_ADDRESS_PER_HOUR", "sms_enroll_address", "+45201{0}1234", "198.51.100.1"),
        ("SMS_ENROLL_PER_NETWORK_PER_HOUR", "sms_enroll_network", "+45201{0}1234", "198.51.100.{0}"),
        ("SMS_ENROLL_PER_NETWORK_PER_HOUR", "sms_enroll_network", "+45201{0}1234", "2001:db8:1:{0}::1"),
    ],
)
def test_asvs_2_4_1_above_a_cap_nothing_is_sent_and_operators_are_told_once(
    make_account: MakeAccount,
    settings: Settings,
    setting: str,
    limit: str,
    number: str,
    address: str,
) -> None:
    setattr(settings, setting, 5)
    sent = 0
    for index in range(9):
        account = make_account(f"stu10{index}", is_student=True)
        sent += enroll(account, number.format(index), address.format(index))
    assert sent == TextMessage.objects.count() == 5
    assert refused_by() == [limit] * 4  # one for each account
    assert [(alarm.limit, alarm.level) for alarm in LimitAlarm.objects.order_by("pk")] == [
        (limit, "warning"),
        (limit, "reached"),
    ]
    assert SecurityEvent.objects.filter(kind="limit_alarm").count() == 2


def test_asvs_2_4_1_twenty_five_accounts_at_one_address_no_longer_pump_a_country(
    make_account: MakeAccount, settings: Settings
) -> None:
    settings.SMS_ENROLL_PER_PREFIX_PER_HOUR = 20
    sent = sum(enroll(make_account(f"stu1{n:02}", is_student=True), LATVIAN.format(n)) for n in range(25))
    assert sent == 20


def test_the_cap_begins_again_after_an_hour(clock: Clock, make_account: MakeAccount, settings: Settings) -> None:
    settings.SMS_ENROLL_PER_HOUR = 1
    one, two = make_account("one111", is_student=True), make_account("two222", is_student=True)
    assert enroll(one, "+4520111234")
    assert not enroll(two, "+4520121234")
    SmsDevice.objects.filter(user=two).delete()
    clock.forward(hours=1)
    assert enroll(two, "+4520121234")


def test_k4_sign_ins_go_on_while_enrollment_and_notices_are_stopped(
    walk: Walk, phone: SmsDevice, make_account: MakeAccount, settings: Settings
) -> None:
    for name in ("ENROLL", "ENROLL_ABROAD", "ENROLL_PER_PREFIX", "ENROLL_PER_ADDRESS", "NOTICES"):
        setattr(settings, f"SMS_{name}_PER_HOUR", 0)
    assert not enroll(make_account("one111", is_student=True), "+4520111234")
    walk.signed_in(phone)
    assert kinds(phone.user, "signed_in") == [("signed_in", "")]


def test_k4_above_the_cap_of_all_sign_ins_each_account_at_home_has_a_code_for_each_kind_of_browser(
    clock: Clock, phone: SmsDevice, settings: Settings, monkeypatch: pytest.MonkeyPatch, walk: Walk
) -> None:
    settings.SMS_SIGN_IN_PER_HOUR = 0
    monkeypatch.setattr(known_browsers, "is_known", lambda _request, _account: False)
    walk.signed_in(phone)
    assert Walk(walk.outbox).to_password(phone.user).send(phone).status_code == 429
    monkeypatch.setattr(known_browsers, "is_known", lambda _request, _account: True)
    Walk(walk.outbox).signed_in(phone)
    assert len(walk.outbox.messages) == 2
    assert refused_by() == ["sms_reserve_half_hour"]
    clock.forward(minutes=30)
    Walk(walk.outbox).signed_in(phone)
    assert len(walk.outbox.messages) == 3


def test_above_the_cap_of_sign_ins_abroad_a_foreign_phone_gets_none_and_one_at_home_does(
    phone: SmsDevice, make_account: MakeAccount, settings: Settings
) -> None:
    settings.SMS_SIGN_IN_ABROAD_PER_HOUR = 0
    foreign = confirmed_phone(make_account("for111", is_student=True), "+46701234567")
    assert not isinstance(ask(foreign), Queued)
    assert isinstance(ask(phone), Queued)
    assert refused_by() == ["sms_sign_in_abroad"]


@pytest.mark.parametrize(
    ("setting", "limit"),
    [
        ("SMS_NOTICES_PER_HOUR", "sms_notice_total"),
        ("SMS_NOTICES_PER_PREFIX_PER_HOUR", "sms_notice_prefix"),
        ("SMS_NOTICES_OF_ACCOUNT_PER_HOUR", "sms_notice_hour"),
        ("SMS_NOTICES_PER_DAY", "sms_notice_day"),
    ],
)
def test_asvs_2_4_1_a_notice_above_a_limit_is_not_sent_and_says_so(
    phone: SmsDevice, sms_outbox: Outbox, settings: Settings, setting: str, limit: str
) -> None:
    setattr(settings, setting, 2)
    for _ in range(3):
        with TestCase.captureOnCommitCallbacks(execute=True):
            notifier.send_notice(phone, own_notices.DEVICE_ADDED)
    assert len(sms_outbox.messages) == 2
    last = TextMessage.objects.order_by("-pk").first()
    assert last is not None
    assert (last.status, last.error) == ("cancelled", "above_limit")
    assert refused_by() == [limit]


def test_asvs_2_4_1_one_account_with_ten_phones_sends_thirty_notices_an_hour(
    clock: Clock, student: Account, sms_outbox: Outbox
) -> None:
    phones = [confirmed_phone(student, f"+45201{n}1234") for n in range(10)]
    for _ in range(11):
        for phone in phones:
            with TestCase.captureOnCommitCallbacks(execute=True):
                notifier.send_notice(phone, own_notices.DEVICE_ADDED)
    assert len(sms_outbox.messages) == 30


def test_a_page_that_a_cap_refuses_says_when_and_offers_the_app(
    clock: Clock, walk: Walk, student: Account, settings: Settings
) -> None:
    settings.SMS_ENROLL_PER_HOUR = 0
    response = walk.to_password(student).number()
    assert response.status_code == 429
    assert "Vi kan ikke sende koder til nye numre lige nu" in html(response)
    assert "Prøv igen kl. 11.00." in html(response)
    assert 'href="/enroll/app/"' in html(response)


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_asvs_2_4_1_of_twenty_accounts_at_once_as_many_get_a_code_as_the_cap_allows(
    make_account: MakeAccount, settings: Settings
) -> None:
    settings.SMS_ENROLL_PER_PREFIX_PER_HOUR = 7
    accounts = [make_account(f"stu1{n:02}", is_student=True) for n in range(20)]
    results = at_once([partial(enroll, account, LATVIAN.format(n)) for n, account in enumerate(accounts)])
    assert results.count(True) == 7
    assert LimitCounter.objects.get(limit="sms_enroll_prefix").count == 7
