"""No reminder is mailed twice, even after a failure. An email that the server certainly rejected is tried again."""

import smtplib
import socket
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from campaigns import reminder_mails, reminders
from campaigns.models import EnrollmentCampaign, Reminder, ReminderMail
from campaigns.tests.conftest import DEADLINE, MailServerOfTests
from notices import mailing
from tests.fixtures import confirmed_phone

pytestmark = pytest.mark.django_db


def states(reminder: Reminder) -> list[str]:
    return list(reminder.mails.order_by("pk").values_list("state", flat=True))


def send_all(reminder: Reminder, published: list[int]) -> int:
    """Run the tasks as a worker would, until no task is published. Return the number of tasks."""
    published.append(reminder.pk)
    count = 0
    while published:
        reminder_mails.send_reminder(published.pop())
        count += 1
    return count


class Killed(BaseException):
    """Simulates a worker that is killed."""


def test_two_at_a_time_each_once(reminder: Reminder, students: list[Account], published: list[int]) -> None:
    reminder_mails.send_reminder(reminder.pk)
    assert (len(mail.outbox), published) == (2, [reminder.pk])
    reminder_mails.send_reminder(reminder.pk)
    assert len(mail.outbox) == 4
    send_all(reminder, published)
    assert sorted(message.to[0] for message in mail.outbox) == [account.email for account in students]
    reminder.refresh_from_db()
    assert reminder.finished_at is not None
    assert send_all(reminder, published) == 1
    assert len(mail.outbox) == 5


def test_the_claim_stands_before_the_server_is_spoken_to(
    reminder: Reminder, student: Account, published: list[int], server: MailServerOfTests
) -> None:
    seen: list[str] = []
    server.before = lambda message: seen.extend(states(reminder))
    send_all(reminder, published)
    assert seen == ["claimed"]
    assert states(reminder) == ["sent"]


def test_what_a_killed_worker_held_is_not_mailed_again(
    reminder: Reminder,
    students: list[Account],
    published: list[int],
    server: MailServerOfTests,
    at: TimeMachineFixture,
) -> None:
    server.errors = [None, Killed()]
    with pytest.raises(Killed):
        reminder_mails.send_reminder(reminder.pk)
    for _ in range(20):
        at.shift(timedelta(minutes=6))
        reminders.sweep_reminders()
        while published:
            reminder_mails.send_reminder(published.pop())
    assert states(reminder) == ["sent", "claimed", "sent", "sent", "sent"]
    assert len(mail.outbox) == 4
    reminder.refresh_from_db()
    assert reminder.finished_at is not None


def test_a_killed_worker_that_the_server_had_answered_mails_nobody_twice(
    reminder: Reminder, student: Account, published: list[int], monkeypatch: pytest.MonkeyPatch, at: TimeMachineFixture
) -> None:
    def killed(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(reminder_mails, "_record", killed)
        with pytest.raises(Killed):
            reminder_mails.send_reminder(reminder.pk)
    assert len(mail.outbox) == 1
    at.shift(timedelta(hours=1))
    send_all(reminder, published)
    assert len(mail.outbox) == 1
    assert states(reminder) == ["claimed"]


@pytest.mark.parametrize("error", [TimeoutError(), smtplib.SMTPServerDisconnected(), ValueError()])
def test_what_nobody_can_know_is_not_mailed_again(
    reminder: Reminder,
    student: Account,
    published: list[int],
    server: MailServerOfTests,
    at: TimeMachineFixture,
    error: Exception,
) -> None:
    server.errors = [error]
    send_all(reminder, published)
    at.shift(timedelta(hours=1))
    send_all(reminder, published)
    assert mail.outbox == []
    assert states(reminder) == ["claimed"]


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"stu123@example.org": (450, b"later")}),
        smtplib.SMTPSenderRefused(451, b"later", "noreply@ku.dk"),
        smtplib.SMTPDataError(451, b"later"),
        ConnectionRefusedError(),
        socket.gaierror(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_the_server_certainly_did_not_take_is_tried_again_after_a_pause(
    reminder: Reminder,
    student: Account,
    published: list[int],
    server: MailServerOfTests,
    at: TimeMachineFixture,
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.errors = [error]
    send_all(reminder, published)
    assert states(reminder) == [""]
    monkeypatch.setattr(mailing, "server", mailing.MailServer())
    at.shift(timedelta(minutes=9, seconds=59))
    send_all(reminder, published)
    assert mail.outbox == []
    at.shift(1)
    send_all(reminder, published)
    assert len(mail.outbox) == 1
    assert states(reminder) == ["sent"]


def test_so_many_tries_and_no_more(
    reminder: Reminder,
    student: Account,
    published: list[int],
    server: MailServerOfTests,
    at: TimeMachineFixture,
    settings: Settings,
) -> None:
    settings.REMINDER_TRIES = 3
    for _ in range(5):
        server.errors = [smtplib.SMTPDataError(550, b"no")]
        send_all(reminder, published)
        at.shift(timedelta(minutes=10))
    row = ReminderMail.objects.get()
    assert (row.state, row.tries) == ("failed", 3)
    assert mail.outbox == []


def test_one_bad_address_does_not_stop_the_others(
    reminder: Reminder, students: list[Account], published: list[int], server: MailServerOfTests
) -> None:
    server.errors = [smtplib.SMTPRecipientsRefused({})]
    send_all(reminder, published)
    assert states(reminder) == ["", "sent", "sent", "sent", "sent"]


def test_a_mail_server_that_is_gone_costs_no_mail(
    reminder: Reminder,
    students: list[Account],
    published: list[int],
    monkeypatch: pytest.MonkeyPatch,
    at: TimeMachineFixture,
) -> None:
    def refused(backend: EmailBackend) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "open", refused)
        assert send_all(reminder, published) == 1
    assert states(reminder) == ["", ""]
    assert not ReminderMail.objects.exclude(tries=0).exists()
    monkeypatch.setattr(mailing, "server", mailing.MailServer())
    at.shift(timedelta(minutes=5))
    reminders.sweep_reminders()
    send_all(reminder, published)
    assert len(mail.outbox) == 5


def test_who_enrolls_between_the_list_and_the_mail_gets_none(
    reminder: Reminder, students: list[Account], published: list[int], server: MailServerOfTests
) -> None:
    def enroll(message: EmailMessage) -> None:
        if not mail.outbox:
            confirmed_phone(students[1])

    server.before = enroll
    send_all(reminder, published)
    assert states(reminder) == ["sent", "enrolled", "sent", "sent", "sent"]
    assert students[1].email not in [message.to[0] for message in mail.outbox]


def test_a_pause_in_the_middle_stops_it_and_resuming_goes_on(
    reminder: Reminder,
    students: list[Account],
    published: list[int],
    server: MailServerOfTests,
    at: TimeMachineFixture,
) -> None:
    server.before = lambda message: EnrollmentCampaign.objects.update(paused_at=timezone.now())
    send_all(reminder, published)
    assert states(reminder) == ["sent", ""]
    at.shift(timedelta(hours=1))
    reminders.sweep_reminders()
    assert published == []
    assert send_all(reminder, published) == 1
    assert len(mail.outbox) == 1
    server.before = lambda message: None
    EnrollmentCampaign.objects.update(paused_at=None)
    reminders.sweep_reminders()
    send_all(reminder, published)
    assert len(mail.outbox) == 5


def test_what_waits_at_the_deadline_is_given_up(
    reminder: Reminder, students: list[Account], published: list[int], at: TimeMachineFixture
) -> None:
    reminder_mails.send_reminder(reminder.pk)
    published.clear()
    reminder_mails._list(reminder)
    at.move_to(DEADLINE, tick=False)
    reminders.sweep_reminders()
    while published:
        reminder_mails.send_reminder(published.pop())
    assert len(mail.outbox) == 2
    assert states(reminder) == ["sent", "sent", "failed", "failed"]
    reminder.refresh_from_db()
    assert reminder.finished_at == DEADLINE


def test_a_reminder_that_lost_its_task_is_published_again_and_a_busy_one_is_not(
    reminder: Reminder, students: list[Account], published: list[int], at: TimeMachineFixture
) -> None:
    reminder_mails.send_reminder(reminder.pk)
    published.clear()
    at.shift(timedelta(minutes=4, seconds=59))
    reminders.sweep_reminders()
    assert published == []
    at.shift(1)
    reminders.sweep_reminders()
    assert published == [reminder.pk]


def test_the_log_names_nobody(
    reminder: Reminder,
    student: Account,
    published: list[int],
    server: MailServerOfTests,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.errors = [smtplib.SMTPRecipientsRefused({student.email: (550, b"no such user stu123")})]
    send_all(reminder, published)
    assert "SMTPRecipientsRefused" in caplog.text
    assert "stu123" not in caplog.text
