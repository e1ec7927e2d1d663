"""What a mail to an owner says."""

import re
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts import events, mailing
from accounts.models import Account, Notice, SecurityEvent
from accounts.tests.owners import ORIGIN, added, body, english, report_path
from mfa_sms.models import SmsDevice

Kind = Notice.Kind


@pytest.fixture(autouse=True)
def _ten_o_clock(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)


def event_of(kind: Kind, phone: SmsDevice) -> SecurityEvent:
    """Return the event that such a notice is about."""
    account, old = phone.user, "+45 •• •• •• 11"
    match kind:
        case Kind.DEVICE_ADDED:
            return events.device_enrolled(account, phone, ORIGIN)
        case Kind.DEVICE_CHANGED:
            return events.device_changed(account, phone, old, ORIGIN)
        case Kind.DEVICE_REMOVED:
            return events.device_removed(account, phone, old, ORIGIN)
        case Kind.RECOVERY_CODES_MADE:
            return events.recovery_codes_made(account, phone, ORIGIN)
        case Kind.RECOVERY_CODE_USED | Kind.RECOVERY_CODES_LOW:
            return events.recovery_code_used(account, phone, 3, ORIGIN)
        case Kind.AGENT_ACTED:
            return events.agent_acted(account, account, "unlock", "mitid · 12345", ORIGIN)
        case Kind.SECOND_FACTOR_MISSING:
            return events.second_factor_missing(account, ORIGIN.browser, ORIGIN.address)


def mailed(kind: Kind, phone: SmsDevice) -> str:
    """Return the mail, with its subject in the first line."""
    notice = Notice.objects.create(account=phone.user, event=event_of(kind, phone), kind=kind)
    mailing.send_notice(notice.pk)
    return f"{mail.outbox[-1].subject}\n{body()}"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.DEVICE_ADDED, "This login method was added to your UCPH account: Phone, +45 •• •• •• 78."),
        (Kind.DEVICE_CHANGED, "was changed. Before: Phone, +45 •• •• •• 11. Now: Phone, +45 •• •• •• 78."),
        (Kind.DEVICE_REMOVED, "This login method was removed from your UCPH account: Phone, +45 •• •• •• 11."),
        (Kind.RECOVERY_CODES_MADE, "The earlier ones no longer work."),
        (Kind.RECOVERY_CODE_USED, "A recovery code was used to log in to your UCPH account. You have 3 recovery codes"),
        (Kind.RECOVERY_CODES_LOW, "You have 3 recovery codes left. Make new ones"),
        (Kind.SECOND_FACTOR_MISSING, "Somebody entered the right password for your UCPH account, but no code."),
    ],
)
def test_a_mail_says_what_happened_when_and_from_where(phone: SmsDevice, kind: Kind, words: str) -> None:
    english(phone.user)
    text = mailed(kind, phone)
    assert words in text
    assert "Hello Freja Lund" in text
    assert "Time: 1 September 2026 at 10:00\n" in text
    assert "From: Firefox, Windows\n" in text
    assert "IP address: 192.0.2.7\n" in text
    assert "IT Support at +45 35 32 32 32" in text


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.RECOVERY_CODES_LOW])
def test_a_mail_says_what_to_do_if_it_was_not_you(phone: SmsDevice, settings: Settings, kind: Kind) -> None:
    settings.PORTAL_URL = "https://mfa.ku.dk"
    english(phone.user)
    text = mailed(kind, phone)
    assert "If it was you, you need not do anything." in text
    assert "https://mfa.ku.dk/report/" in text
    assert "The link works for 14 days and logs nobody in." in text
    assert ("lock the login method" in text) == (
        kind in (Kind.DEVICE_ADDED, Kind.DEVICE_CHANGED, Kind.RECOVERY_CODES_MADE, Kind.RECOVERY_CODE_USED)
    )


def test_that_few_codes_are_left_is_nothing_to_report(phone: SmsDevice) -> None:
    assert "http" not in mailed(Kind.RECOVERY_CODES_LOW, phone)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_mail_holds_no_number_and_no_link_but_the_one_to_report(phone: SmsDevice, kind: Kind, language: str) -> None:
    Account.objects.update(language=language)
    phone.user.refresh_from_db()
    text = mailed(kind, phone)
    assert not re.search(r"26\D{0,4}12\D{0,4}34", text)
    links = re.findall(r"https?://\S+", text)
    assert all("/report/" in link for link in links)
    assert len(links) == (kind != Kind.RECOVERY_CODES_LOW)
    assert "&#" not in text
    assert not re.search(r"\n\n\n", text)


@pytest.mark.parametrize(("language", "words", "clock"), [("da", "Hej Freja", "10.00"), ("en", "Hello Freja", "10:00")])
def test_a_mail_is_in_the_accounts_language(phone: SmsDevice, language: str, words: str, clock: str) -> None:
    Account.objects.update(language=language)
    text = mailed(Kind.DEVICE_ADDED, phone)
    assert words in text
    assert clock in text


def test_each_kind_has_a_subject_of_its_own(phone: SmsDevice) -> None:
    subjects = {mailed(kind, phone).splitlines()[0] for kind in Kind}
    assert len(subjects) == len(Kind)
    assert "" not in subjects


def test_a_device_that_is_gone_when_the_mail_is_written_is_named_by_its_method(phone: SmsDevice) -> None:
    english(phone.user)
    notice = added(phone)
    phone.delete()
    mailing.send_notice(notice.pk)
    assert "was added to your UCPH account: Phone." in body()


def test_another_accounts_device_is_not_described(phone: SmsDevice, make_account: Any) -> None:
    stranger = english(make_account("oth111", is_student=True))
    event = events.device_enrolled(stranger, phone, ORIGIN)
    mailing.send_notice(Notice.objects.create(account=stranger, event=event, kind=Kind.DEVICE_ADDED).pk)
    assert "•• 78" not in body()


def test_a_mail_of_a_password_says_when_it_was_entered(phone: SmsDevice, time_machine: TimeMachineFixture) -> None:
    english(phone.user)
    events.password_accepted(phone.user, "stu123@alumni.ku.dk", ORIGIN)
    accepted = SecurityEvent.objects.get()
    time_machine.move_to("2026-09-01T08:11:00Z", tick=False)
    missing = events.second_factor_missing(phone.user, ORIGIN.browser, ORIGIN.address, str(accepted.pk))
    mailing.send_notice(Notice.objects.create(account=phone.user, event=missing, kind=Kind.SECOND_FACTOR_MISSING).pk)
    assert "at 10:00" in body()


def test_an_event_of_no_address_has_no_line_for_it(phone: SmsDevice) -> None:
    english(phone.user)
    event = SecurityEvent.objects.create(kind="device_removed", account=phone.user, at=timezone.now())
    mailing.send_notice(Notice.objects.create(account=phone.user, event=event, kind=Kind.DEVICE_REMOVED).pk)
    assert "IP address" not in body()
    assert "From: an unknown browser" in body()


def test_machines_are_told_not_to_answer(phone: SmsDevice) -> None:
    mailed(Kind.DEVICE_ADDED, phone)
    assert mail.outbox[-1].extra_headers == {"Auto-Submitted": "auto-generated"}
    assert report_path(body())
