"""A pumper is paid for text messages to numbers of one range or country, and has many stolen accounts.

The accounts have no login method yet, so that their passwords enroll new numbers. Each account enters one number from
an address of its own. The limits are the real ones, except in the last simulation: four accounts stand for 10,000, so
its caps are lowered until four accounts exceed them.
"""

import pytest
from django.conf import settings as portal
from django.core import mail
from django.test import TestCase
from pytest_django.fixtures import Settings

from accounts.models import Account
from common.client_info import ClientInfo
from limits import catalogue
from limits.exposure import exposure
from mfa_sms import notifier, numbers, pumping, sending
from mfa_sms.models import PrefixBlock, Purpose, SmsDevice
from mfa_sms.tests.helpers import Clock, pending_of
from mfa_sms.tests.test_caps import enroll
from notices import own_notices
from tests.attacks.outcome import Outcome
from tests.attacks.people import Owner, rented
from tests.fixtures import NUMBER, MakeAccount, Outbox, Walk, confirmed_phone

ACCOUNTS = 4  # of the last simulation


def pump(make_account: MakeAccount, accounts: range, number: str) -> int:
    """Let each account enter a number. Return how many messages that caused."""
    return sum(enroll(make_account(f"pmp{n:03}", is_student=True), number.format(n), rented(251 * n)) for n in accounts)


def test_k4_a_pumped_range_gets_few_messages_is_blocked_and_its_proven_phones_sign_in(
    clock: Clock, owner: Owner, make_account: MakeAccount, settings: Settings, outcome: Outcome
) -> None:
    settings.OPERATOR_EMAILS = ["drift@example.org"]
    prefix = numbers.prefix_of(owner.device.number)
    cap = catalogue.SMS_ENROLL_TO_PREFIX_PER_HOUR.number
    outcome.exactly("messages in the first hour", pump(make_account, range(3 * cap), prefix + "1{:03}"), cap)
    owner.signs_in()
    clock.forward(seconds=portal.SMS_CODE_LIFE.total_seconds())
    with TestCase.captureOnCommitCallbacks(execute=True):
        pumping.block_pumped_prefixes()
    outcome.exactly("blocked prefixes", PrefixBlock.objects.filter(prefix=prefix, lifted_at=None).count(), 1)
    later = 0
    for hour in range(1, 4):
        clock.forward(hours=1)
        later += pump(make_account, range(3 * cap * hour, 3 * cap * hour + cap), prefix + "1{:03}")
        owner.signs_in()
    outcome.exactly("messages in the next three hours", later, 0)
    outcome.owner_signs_in(owner)
    told = [message for message in mail.outbox if message.to == settings.OPERATOR_EMAILS and prefix in message.body]
    outcome.at_least("mails to operators that name the prefix", len(told), 1)


def test_k4_a_pumped_country_gets_few_messages_and_people_at_home_enroll_and_sign_in(
    clock: Clock, owner: Owner, another_walk: Walk, make_account: MakeAccount, outcome: Outcome
) -> None:
    cap = catalogue.SMS_ENROLL_ABROAD_PER_HOUR.number
    accounts, sent = cap + cap // 5, [0, 0]
    for hour in range(len(sent)):
        sent[hour] = pump(make_account, range(accounts * hour, accounts * (hour + 1)), "+3712{:03}1234")
        owner.signs_in()
        clock.forward(hours=1)
    outcome.exactly("messages in the first hour", sent[0], cap)
    outcome.at_most("messages in the second hour", sent[1], cap)
    outcome.owner_signs_in(owner)
    freshman = another_walk.enrolled(make_account("fre111", is_student=True), "20 11 12 34")
    outcome.exactly("students at home who enrolled", int(freshman.confirmed), 1)


class Stolen:
    """A stolen account with a phone at home, one abroad and a known browser, used as much as anyone can."""

    def __init__(self, account: Account, index: int) -> None:
        self.account, self.index, self.entered = account, index, 0
        self.at_home = confirmed_phone(account, f"+45311{index}0155")
        self.abroad = confirmed_phone(account, f"+3712{index}001234")
        self.new = SmsDevice.objects.create(user=account, number=f"+3712{index}101234")

    def drain(self) -> None:
        """Ask for every kind of message. The thief enters each code, or changes the number, which ends every wait."""
        SmsDevice.objects.filter(user=self.account).update(last_generated_timestamp=None, unanswered_messages=0)
        self.entered += 1
        country = "+3712{}{:02}0{}234" if self.entered % 2 else "+45312{}{:02}{}5"
        self.new.number = country.format(self.index, self.entered, self.index)
        self.new.save()
        self._ask(self.new, Purpose.ENROLL)
        self._ask(self.abroad, Purpose.SIGN_IN)
        self._ask(self.at_home, Purpose.SIGN_IN, known=True)
        for phone in (self.abroad, self.at_home):
            with TestCase.captureOnCommitCallbacks(execute=True):
                notifier.send_notice(phone, own_notices.DEVICE_ADDED)

    def _ask(self, device: SmsDevice, purpose: Purpose, *, known: bool = False) -> None:
        client, browser = ClientInfo(rented(251 * self.index)), f"{self.entered} {known}"
        with TestCase.captureOnCommitCallbacks(execute=True):
            sending.request_code(
                device.pk, purpose, pending_of(self.account, browser), client, is_known=lambda _account: known
            )


@pytest.fixture
def low_caps(settings: Settings) -> None:
    for name, number in {"ENROLL": 20, "SIGN_IN": 30, "NOTICES": 20, "ENROLL_ABROAD": 5, "NOTICES_ABROAD": 10}.items():
        setattr(settings, f"SMS_{name}_PER_HOUR", number)
    settings.SMS_SIGN_IN_ABROAD_PER_HOUR = 10


@pytest.mark.usefixtures("low_caps")
def test_k4_stolen_accounts_cause_no_more_messages_than_the_table_of_costs_says(
    clock: Clock, owner: Owner, make_account: MakeAccount, sms_outbox: Outbox, outcome: Outcome
) -> None:
    stolen = [Stolen(make_account(f"pmp{n:03}", is_student=True), n) for n in range(ACCOUNTS)]
    for step in range(10):
        for account in stolen:
            account.drain()
        clock.forward(minutes=6)
        if step % 5 == 0:
            owner.signs_in()
    sent = [message["to"] for message in sms_outbox.messages if message["to"] != NUMBER]
    abroad = [number for number in sent if not number.startswith("+45")]
    most = exposure(ACCOUNTS)
    caps = (catalogue.SMS_ENROLL_PER_HOUR, catalogue.SMS_SIGN_IN_PER_HOUR, catalogue.SMS_NOTICES_PER_HOUR)
    outcome.at_least("messages in an hour", len(sent), sum(cap.number for cap in caps))
    outcome.at_most("messages in an hour", len(sent), most.messages)
    outcome.at_most("of them abroad", len(abroad), most.abroad)
    outcome.owner_signs_in(owner)
