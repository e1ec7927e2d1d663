"""Shared fixtures of the campaign tests: frozen time, a fake mail server and published tasks."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from campaigns import reminder_mails
from campaigns.models import EnrollmentCampaign, Reminder
from campaigns.tests.campaigns import campaign
from tests.fixtures import MakeAccount

# Friday at 15:00 in Denmark.
DEADLINE = datetime(2027, 3, 5, 14, tzinfo=UTC)


@pytest.fixture
def at(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """Frozen time: seven days before the deadline, at 10:00 in Denmark. A test can move it."""
    time_machine.move_to(datetime(2027, 2, 26, 9, tzinfo=UTC), tick=False)
    return time_machine


@pytest.fixture
def students(make_account: MakeAccount) -> list[Account]:
    """Five students without a method."""
    return [make_account(f"abc{number}23", is_student=True) for number in range(1, 6)]


@pytest.fixture
def running(db: None, at: TimeMachineFixture, settings: Settings) -> EnrollmentCampaign:
    """A campaign for students with a reminder today, sent in batches of two."""
    settings.REMINDER_BATCH = 2
    return campaign(opens_at=datetime(2027, 1, 1, tzinfo=UTC), deadline=DEADLINE, remind_days="14, 7, 0")


@pytest.fixture
def reminder(running: EnrollmentCampaign) -> Reminder:
    """A reminder that has begun, with no email sent yet."""
    return Reminder.objects.create(campaign=running, days_before=7, created_at=timezone.now())


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of reminders whose tasks were published. The tasks do not run."""
    ids: list[int] = []
    monkeypatch.setattr(reminder_mails.send_reminder, "delay", ids.append)
    return ids


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> "MailServerOfTests":
    """A fake mail server: a test sets its errors and a callback."""
    fake = MailServerOfTests()
    send = EmailMessage.send

    def take(message: EmailMessage, fail_silently: bool = False) -> int:
        fake.before(message)
        if fake.errors and (error := fake.errors.pop(0)):
            raise error
        return send(message, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", take)
    return fake


class MailServerOfTests:
    """For each email, raises the next of `errors`, where None means success. Calls `before` with each email."""

    def __init__(self) -> None:
        self.errors: list[BaseException | None] = []
        self.before: Callable[[EmailMessage], Any] = lambda message: None
