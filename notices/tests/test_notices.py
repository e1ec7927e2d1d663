"""Owners get one email for each change to their login, soon, even after a failure of the broker or the mail server."""

import itertools
import logging
import smtplib
import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import TestCase
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.models import SecurityEvent
from common import batches, publishing, retention
from common.client_info import ClientInfo
from mfa_recovery import notices as recovery_notices
from mfa_sms.gateways import GatewayFault
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.fakes import failing, use
from notices import mailing, notify, own_notices
from notices import mailing as notices_mailing
from notices.models import Notice
from notices.tests.owners import added, body, english, told_of
from sign_in import methods
from sign_in.methods import device_management
from tests.fixtures import Outbox, Walk, confirmed_phone


@pytest.fixture
def at(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """Stop the clock until a test moves it."""
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """Return a list of errors. While it is not empty, the mail server raises its first error."""
    errors: list[Exception] = []
    send = EmailMessage.send

    def take(message: EmailMessage, fail_silently: bool = False) -> int:
        if errors:
            raise errors[0]
        return send(message, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", take)
    return errors


def gone(*args: Any, **kwargs: Any) -> None:
    raise ConnectionError("no broker at +4526123478")


def test_the_owner_is_mailed_when_a_phone_was_enrolled(walk: Walk, student: Account) -> None:
    walk.enrolled(english(student))
    assert [message.to for message in mail.outbox] == [["stu123@example.org"]]
    assert "Phone, +45 •• •• •• 78" in body()
    notice = Notice.objects.get()
    assert (notice.kind, notice.event.kind, notice.tries) == ("device_added", "device_enrolled", 1)
    assert notice.sent_at is not None


def test_nothing_is_mailed_of_what_was_rolled_back(phone: SmsDevice) -> None:
    with TestCase.captureOnCommitCallbacks() as callbacks:
        told_of(phone)
        assert mail.outbox == []
    assert len(callbacks) == 1


def test_the_payload_is_the_notices_id_alone(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    payloads: list[tuple[Any, ...]] = []
    monkeypatch.setattr(notices_mailing.send_notice, "delay", lambda *args: payloads.append(args))
    with TestCase.captureOnCommitCallbacks(execute=True):
        told_of(phone)
    assert payloads == [(Notice.objects.get().pk,)]


def test_a_request_does_not_wait_for_a_slow_broker(
    phone: SmsDevice, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUBLISHER_THREADS = 1
    answers = threading.Event()
    published: list[int] = []

    def wait(notice_id: int) -> None:
        answers.wait(10)
        published.append(notice_id)

    monkeypatch.setattr(notices_mailing.send_notice, "delay", wait)
    with TestCase.captureOnCommitCallbacks(execute=True):
        told_of(phone)
        told_of(phone)
    assert published == []
    answers.set()
    pool = publishing._publisher._pool
    assert pool is not None
    pool.shutdown(wait=True)
    assert published == list(Notice.objects.order_by("pk").values_list("pk", flat=True))


def test_an_event_of_nobody_tells_nobody(db: None) -> None:
    event = SecurityEvent.objects.create(kind="password_reset_requested")
    notify.notify_owner(event, own_notices.DEVICE_ADDED)
    assert not Notice.objects.exists()


def test_a_notice_is_mailed_once(phone: SmsDevice, at: TimeMachineFixture) -> None:
    notice = added(phone)
    for _ in range(3):
        mailing.send_notice(notice.pk)
        at.shift(timedelta(hours=20))
        assert mailing.sweep_notices() == 0
    assert len(mail.outbox) == 1


def test_what_a_worker_has_just_taken_is_left_to_it(phone: SmsDevice, at: TimeMachineFixture) -> None:
    notice = added(phone, tries=1, tried_at=timezone.now())
    at.shift(timedelta(seconds=119))
    mailing.send_notice(notice.pk)
    assert mail.outbox == []
    at.shift(timedelta(seconds=1))
    mailing.send_notice(notice.pk)
    assert len(mail.outbox) == 1


def test_a_broker_that_is_gone_does_not_show_and_the_sweep_mails(
    walk: Walk,
    student: Account,
    at: TimeMachineFixture,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with monkeypatch.context() as broker:
        broker.setattr(notices_mailing.send_notice, "delay", gone)
        assert walk.enrolled(student).confirmed
    assert mail.outbox == []
    assert "26123478" not in caplog.text
    at.shift(timedelta(seconds=29))
    notices_mailing.sweep_notices.delay()
    assert mail.outbox == []
    at.shift(timedelta(seconds=1))
    notices_mailing.sweep_notices.delay()
    assert len(mail.outbox) == 1
    notices_mailing.sweep_notices.delay()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("stu123@example.org"),
        TimeoutError(),
        smtplib.SMTPRecipientsRefused({"stu123@example.org": (550, b"no")}),
        smtplib.SMTPServerDisconnected(),
        ValueError("stu123@example.org"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_mail_server_that_raises_hurts_nobody_and_gets_the_mail_later(
    walk: Walk,
    student: Account,
    at: TimeMachineFixture,
    server: list[Exception],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    server.append(error)
    assert walk.enrolled(student).confirmed
    notice = Notice.objects.get()
    assert (notice.tries, notice.sent_at) == (1, None)
    assert f"not mailed ({type(error).__name__})" in caplog.text
    assert "example.org" not in caplog.text
    server.clear()
    monkeypatch.setattr(mailing, "server", mailing.MailServer())
    at.shift(timedelta(minutes=2))
    notices_mailing.sweep_notices.delay()
    assert len(mail.outbox) == 1
    notice.refresh_from_db()
    assert (notice.tries, notice.sent_at) == (2, timezone.now())


def test_the_pause_doubles_and_the_tenth_try_is_the_last(
    phone: SmsDevice, at: TimeMachineFixture, server: list[Exception]
) -> None:
    server.append(smtplib.SMTPDataError(451, b"later"))
    notice = added(phone)
    tried: list[int] = []
    for minute in range(1, 1500):
        at.shift(timedelta(minutes=1))
        notices_mailing.sweep_notices.delay()
        notice.refresh_from_db()
        if notice.tries > len(tried):
            tried.append(minute)
    assert [after - before for before, after in itertools.pairwise(tried)] == [2**n for n in range(1, 10)]
    assert len(tried) == 10


def test_a_mail_server_that_is_gone_is_left_alone_for_half_a_minute(
    phone: SmsDevice, at: TimeMachineFixture, server: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(mailing, "time", SimpleNamespace(monotonic=lambda: now[0]))
    server.append(ConnectionRefusedError())
    first, second = added(phone), added(phone)
    mailing.send_notice(first.pk)
    server.clear()
    now[0] += 29
    mailing.send_notice(second.pk)
    second.refresh_from_db()
    assert (second.tries, mail.outbox) == (0, [])
    now[0] += 1
    mailing.send_notice(second.pk)
    assert len(mail.outbox) == 1


def test_a_mail_that_the_server_refuses_does_not_hold_up_the_next(phone: SmsDevice, server: list[Exception]) -> None:
    server.append(smtplib.SMTPRecipientsRefused({}))
    mailing.send_notice(added(phone).pk)
    server.clear()
    mailing.send_notice(added(phone).pk)
    assert len(mail.outbox) == 1


def test_who_has_no_mail_address_is_not_tried_for_ever(phone: SmsDevice, at: TimeMachineFixture) -> None:
    Account.objects.update(email="")
    notice = added(phone)
    mailing.send_notice(notice.pk)
    at.shift(timedelta(hours=20))
    assert mailing.sweep_notices() == 0
    notice.refresh_from_db()
    assert (mail.outbox, notice.sent_at) == ([], None)


def test_the_sweep_leaves_what_is_older_than_a_week(phone: SmsDevice, at: TimeMachineFixture) -> None:
    added(phone)
    at.shift(timedelta(days=7, seconds=1))
    assert mailing.sweep_notices() == 0


def test_the_sweep_takes_the_oldest_first_and_not_all_at_once(
    phone: SmsDevice, at: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "_BATCH", 2)
    old = [added(phone, created_at=timezone.now() - timedelta(minutes=minutes)).pk for minutes in (1, 3, 2)]
    published: list[int] = []
    monkeypatch.setattr(notices_mailing.send_notice, "delay", published.append)
    assert mailing.sweep_notices() == 2
    assert published == [old[1], old[2]]


def test_notices_go_after_ninety_days_and_their_events_stay(phone: SmsDevice, at: TimeMachineFixture) -> None:
    old = added(phone, sent_at=timezone.now())
    at.shift(timedelta(days=90, seconds=1))
    young = added(phone)
    retention.run_retention_step.delay("notices")
    assert list(Notice.objects.all()) == [young]
    assert SecurityEvent.objects.filter(pk=old.event_id).exists()


def test_what_is_old_goes_in_batches(phone: SmsDevice, at: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    for _ in range(5):
        added(phone)
    at.shift(timedelta(days=91))
    assert mailing.purge_notices() == 5


def test_n_4_1_2_1_mail_and_old_number_are_told_of_a_removed_method(student: Account, sms_outbox: Outbox) -> None:
    phone, other = confirmed_phone(student), confirmed_phone(student, "+4526123499")
    with TestCase.captureOnCommitCallbacks(execute=True):
        device_management.remove(student, "mfa_sms", phone.pk, ClientInfo())
    assert not SmsDevice.objects.filter(pk=phone.pk).exists()
    assert sorted(message["to"] for message in sms_outbox.messages) == [phone.number.as_e164, other.number.as_e164]
    assert [message.to for message in mail.outbox] == [["stu123@example.org"]]
    assert "+45 •• •• •• 78" in body()


def test_n_4_1_2_1_a_mail_server_that_is_down_does_not_stop_the_sms(
    student: Account, sms_outbox: Outbox, server: list[Exception]
) -> None:
    server.append(ConnectionRefusedError())
    phone = confirmed_phone(student)
    confirmed_phone(student, "+4526123499")
    with TestCase.captureOnCommitCallbacks(execute=True):
        device_management.remove(student, "mfa_sms", phone.pk, ClientInfo())
    assert len(sms_outbox.messages) == 2
    assert Notice.objects.get().sent_at is None


def test_n_4_1_2_1_gateways_that_are_down_do_not_stop_the_mail(
    student: Account, sms_outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing("down", GatewayFault.UNAVAILABLE))
    phone = confirmed_phone(student)
    confirmed_phone(student, "+4526123499")
    with TestCase.captureOnCommitCallbacks(execute=True):
        device_management.remove(student, "mfa_sms", phone.pk, ClientInfo())
    assert list(TextMessage.objects.values_list("status", flat=True)) == ["queued", "queued"]
    assert len(mail.outbox) == 1


def test_n_4_2_3_every_recovery_tells_all_addresses_known_before_the_new_factor_is_used(
    walk: Walk, student: Account, sms_outbox: Outbox
) -> None:
    old = confirmed_phone(student)
    event = SecurityEvent.objects.create(kind="recovery_code_used", account=student, detail="4")
    with TestCase.captureOnCommitCallbacks(execute=True):
        notify.notify_owner(event, recovery_notices.RECOVERY_CODE_USED, methods.devices(student.pk))
    assert [message["to"] for message in sms_outbox.messages] == [old.number.as_e164]
    assert [message.to for message in mail.outbox] == [["stu123@example.org"]]
    assert "/report/" in body()
    assert not SecurityEvent.objects.filter(kind="signed_in").exists()


def test_every_log_line_of_a_notice_is_without_address_and_number(
    walk: Walk, student: Account, caplog: pytest.LogCaptureFixture, server: list[Exception]
) -> None:
    caplog.set_level(logging.DEBUG)
    walk.enrolled(student)
    server.append(smtplib.SMTPRecipientsRefused({"stu123@example.org": (550, b"no such user")}))
    with TestCase.captureOnCommitCallbacks(execute=True):
        told_of(SmsDevice.objects.get())
    Account.objects.update(email="")
    with TestCase.captureOnCommitCallbacks(execute=True):
        told_of(SmsDevice.objects.get())
    said = [record.getMessage() for record in caplog.records if record.name.startswith(("notices", "celery"))]
    assert any("no mail address" in line for line in said)
    assert not any("example.org" in line or "26123478" in line for line in said)


def test_the_first_mail_is_in_the_language_of_the_pages_that_enrolled(walk: Walk, student: Account) -> None:
    walk.browser.cookies["language"] = "en"
    walk.enrolled(student)
    assert "This login method was added" in body()
