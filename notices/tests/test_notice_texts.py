"""The texts of emails to owners."""

import re
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.log import write_event
from audit.models import SecurityEvent
from helpdesk import events as helpdesk_events
from helpdesk import notices as helpdesk_notices
from mfa_recovery import events as recovery_events
from mfa_recovery import notices as recovery_notices
from mfa_sms.models import SmsDevice
from notices import events as notice_events
from notices import kinds, mailing, own_notices
from notices.kinds import NoticeKind
from notices.models import Notice
from notices.tests.owners import CLIENT, added, body, english, report_path
from sign_in import events as sign_in_events
from sign_in.methods import events
from tests.interface import in_en

KINDS = list(kinds.all_kinds())
LOCKING = {
    own_notices.DEVICE_ADDED,
    own_notices.DEVICE_CHANGED,
    recovery_notices.RECOVERY_CODES_MADE,
    recovery_notices.RECOVERY_CODE_USED,
}


@pytest.fixture(autouse=True)
def _ten_o_clock(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)


def event_of(kind: NoticeKind, phone: SmsDevice) -> SecurityEvent:
    """Return the event for a notice of this kind."""
    account, old = phone.user, "+45 •• •• •• 11"
    match kind:
        case own_notices.DEVICE_ADDED:
            return events.device_enrolled(account, phone, CLIENT)
        case own_notices.DEVICE_CHANGED:
            return events.device_changed(account, phone, old, CLIENT)
        case own_notices.DEVICE_REMOVED:
            return events.device_removed(account, phone, old, CLIENT)
        case recovery_notices.RECOVERY_CODES_MADE:
            return recovery_events.recovery_codes_made(account, phone, CLIENT)
        case recovery_notices.RECOVERY_CODE_USED | recovery_notices.RECOVERY_CODES_LOW:
            return recovery_events.recovery_code_used(account, phone, 3, CLIENT)
        case helpdesk_notices.HELPDESK_ACTION_PERFORMED:
            return helpdesk_events.helpdesk_action_performed(account, account, "unlock", "mitid · 12345", CLIENT)
        case own_notices.SECOND_FACTOR_MISSING:
            return notice_events.second_factor_missing(account, CLIENT.browser, CLIENT.address)
    return write_event(kind.event_kind, CLIENT, account)  # a kind of another app


def mailed(kind: NoticeKind, phone: SmsDevice) -> str:
    """Return the email, with its subject in the first line."""
    event = event_of(kind, phone)  # some events make their notice themselves
    notice, _made = Notice.objects.get_or_create(account=phone.user, event=event, kind=kind)
    mailing.send_notice(notice.pk)
    return f"{mail.outbox[-1].subject}\n{body()}"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (own_notices.DEVICE_ADDED, "This login method was added to your UCPH account: Phone, +45 •• •• •• 78."),
        (own_notices.DEVICE_CHANGED, "was changed. Before: Phone, +45 •• •• •• 11. Now: Phone, +45 •• •• •• 78."),
        (own_notices.DEVICE_REMOVED, "This login method was removed from your UCPH account: Phone, +45 •• •• •• 11."),
        (recovery_notices.RECOVERY_CODES_MADE, "The earlier ones no longer work."),
        (
            recovery_notices.RECOVERY_CODE_USED,
            "A recovery code was used to log in to your UCPH account. You have 3 recovery codes",
        ),
        (recovery_notices.RECOVERY_CODES_LOW, "You have 3 recovery codes left. Make new ones"),
        (own_notices.SECOND_FACTOR_MISSING, "Someone entered the right password for your UCPH account, but no code."),
    ],
)
def test_a_mail_says_what_happened_when_and_from_where(phone: SmsDevice, kind: NoticeKind, words: str) -> None:
    english(phone.user)
    text = mailed(kind, phone)
    assert words in text
    assert "Hello Freja Lund" in text
    assert "Time: 1 September 2026 at 10:00\n" in text
    assert "From: Firefox, Windows\n" in text
    assert "IP address: 192.0.2.7\n" in text
    assert "Phone: +45 35 32 32 32" in text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.is_reportable])
def test_a_mail_says_what_to_do_if_it_was_not_you(phone: SmsDevice, settings: Settings, kind: NoticeKind) -> None:
    settings.PORTAL_URL = "https://mfa.ku.dk"
    english(phone.user)
    text = mailed(kind, phone)
    assert (in_en("If this was you, you do not need to do anything.") in text) == (not kind.by_helpdesk)
    assert (in_en("If you asked IT Support for this, you do not need to do anything.") in text) == kind.by_helpdesk
    assert "https://mfa.ku.dk/report/" in text
    assert "The link works for 14 days. It cannot be used to log in." in text
    assert ("lock the login method" in text) == (kind in LOCKING)


def test_a_mail_about_an_action_of_it_support_does_not_ask_whether_it_was_you(phone: SmsDevice) -> None:
    english(phone.user)
    text = mailed(helpdesk_notices.HELPDESK_ACTION_PERFORMED, phone)
    assert in_en("If you did not ask IT Support for this, tell us straight away:") in text
    assert "was you" not in text
    assert "was not you" not in text


def test_that_few_codes_are_left_is_nothing_to_report(phone: SmsDevice) -> None:
    assert "http" not in mailed(recovery_notices.RECOVERY_CODES_LOW, phone)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_mail_holds_no_number_and_no_link_but_the_one_to_report(
    phone: SmsDevice, kind: NoticeKind, language: str
) -> None:
    Account.objects.update(language=language)
    phone.user.refresh_from_db()
    text = mailed(kind, phone)
    assert not re.search(r"26\D{0,4}12\D{0,4}34", text)
    links = re.findall(r"https?://\S+", text)
    assert all("/report/" in link for link in links)
    assert len(links) == kind.is_reportable
    assert "&#" not in text
    assert not re.search(r"\n\n\n", text)


@pytest.mark.parametrize(("language", "words", "clock"), [("da", "Hej Freja", "10.00"), ("en", "Hello Freja", "10:00")])
def test_a_mail_is_in_the_accounts_language(phone: SmsDevice, language: str, words: str, clock: str) -> None:
    Account.objects.update(language=language)
    text = mailed(own_notices.DEVICE_ADDED, phone)
    assert words in text
    assert clock in text


def test_each_kind_has_a_subject_of_its_own(phone: SmsDevice) -> None:
    subjects = {mailed(kind, phone).splitlines()[0] for kind in KINDS}
    assert len(subjects) == len(KINDS)
    assert "" not in subjects


def test_a_device_that_is_gone_when_the_mail_is_written_is_named_by_its_method(phone: SmsDevice) -> None:
    english(phone.user)
    notice = added(phone)
    phone.delete()
    mailing.send_notice(notice.pk)
    assert "was added to your UCPH account: Phone." in body()


def test_another_accounts_device_is_not_described(phone: SmsDevice, make_account: Any) -> None:
    stranger = english(make_account("oth111", is_student=True))
    event = events.device_enrolled(stranger, phone, CLIENT)
    mailing.send_notice(Notice.objects.create(account=stranger, event=event, kind=own_notices.DEVICE_ADDED).pk)
    assert "•• 78" not in body()


def test_a_mail_of_a_password_says_when_it_was_entered(phone: SmsDevice, time_machine: TimeMachineFixture) -> None:
    english(phone.user)
    sign_in_events.password_accepted(phone.user, "stu123@alumni.ku.dk", CLIENT)
    accepted = SecurityEvent.objects.get()
    time_machine.move_to("2026-09-01T08:11:00Z", tick=False)
    missing = notice_events.second_factor_missing(phone.user, CLIENT.browser, CLIENT.address, str(accepted.pk))
    kind = own_notices.SECOND_FACTOR_MISSING
    mailing.send_notice(Notice.objects.create(account=phone.user, event=missing, kind=kind).pk)
    assert "at 10:00" in body()


def test_an_event_of_no_address_has_no_line_for_it(phone: SmsDevice) -> None:
    english(phone.user)
    event = SecurityEvent.objects.create(kind="device_removed", account=phone.user, at=timezone.now())
    mailing.send_notice(Notice.objects.create(account=phone.user, event=event, kind=own_notices.DEVICE_REMOVED).pk)
    assert "IP address" not in body()
    assert "From: an unknown browser" in body()


def test_machines_are_told_not_to_answer(phone: SmsDevice) -> None:
    mailed(own_notices.DEVICE_ADDED, phone)
    assert mail.outbox[-1].extra_headers == {"Auto-Submitted": "auto-generated"}
    assert report_path(body())
