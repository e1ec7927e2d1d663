"""A reminder is sent once, on its day and after its start hour, to accounts that have not enrolled."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import TestCase
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.models import SecurityEvent
from campaigns import reminders
from campaigns.models import EnrollmentCampaign, Reminder, ReminderMail
from campaigns.tests.campaigns import campaign
from campaigns.tests.conftest import DEADLINE
from kumfa.settings import background
from tests.fixtures import MakeAccount, confirmed_phone
from tests.interface import in_da


def sweep() -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        reminders.sweep_reminders()


def receivers() -> list[str]:
    return sorted(address.partition("@")[0] for message in mail.outbox for address in message.to)


def test_on_its_day_all_who_are_missing_get_one_mail(
    running: EnrollmentCampaign, students: list[Account], employee: Account
) -> None:
    confirmed_phone(students[0])
    for _ in range(3):
        sweep()
    assert receivers() == [account.username for account in students[1:]]
    reminder = Reminder.objects.get()
    assert (reminder.days_before, reminder.finished_at is not None) == (7, True)
    assert set(reminder.mails.values_list("state", flat=True)) == {"sent"}
    event = SecurityEvent.objects.get(kind="reminder_requested")
    assert (event.actor, event.reason, event.detail) == (None, in_da("Students"), "days_before=7")


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ((2027, 2, 26, 7, 59, 59), False),
        ((2027, 2, 26, 8, 0, 0), True),
        ((2027, 2, 26, 22, 59, 59), True),
        ((2027, 2, 26, 23, 0, 0), False),
    ],
)
def test_from_nine_in_denmark_until_the_end_of_the_day(
    running: EnrollmentCampaign,
    student: Account,
    at: TimeMachineFixture,
    moment: tuple[int, int, int, int, int, int],
    goes: bool,
) -> None:
    at.move_to(datetime(*moment, tzinfo=UTC), tick=False)
    sweep()
    assert len(mail.outbox) == goes
    assert Reminder.objects.exists() == goes


@pytest.mark.parametrize(("hour", "goes"), [(13, True), (14, False)])
def test_on_the_day_of_the_deadline_until_its_second(
    running: EnrollmentCampaign, student: Account, at: TimeMachineFixture, hour: int, goes: bool
) -> None:
    at.move_to(DEADLINE.replace(hour=hour), tick=False)
    sweep()
    assert len(mail.outbox) == goes


def test_a_campaign_that_is_not_open_yet_reminds_nobody(
    running: EnrollmentCampaign, student: Account, at: TimeMachineFixture
) -> None:
    EnrollmentCampaign.objects.update(opens_at=DEADLINE - timedelta(days=1))
    sweep()
    assert mail.outbox == []


def test_a_campaign_that_comes_late_makes_up_for_nothing(student: Account, at: TimeMachineFixture) -> None:
    campaign(deadline=DEADLINE, remind_days="30, 14, 8")
    sweep()
    assert mail.outbox == []


def test_a_paused_campaign_begins_nothing_and_makes_up_for_it_on_the_same_day(
    running: EnrollmentCampaign, student: Account, at: TimeMachineFixture
) -> None:
    EnrollmentCampaign.objects.update(paused_at=DEADLINE)
    sweep()
    assert not Reminder.objects.exists()
    EnrollmentCampaign.objects.update(paused_at=None)
    sweep()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("language", "subject"), [("da", "5. marts 2027"), ("en", "by 5 March 2027")])
def test_the_mail_is_in_the_language_of_the_account(
    running: EnrollmentCampaign, make_account: MakeAccount, language: str, subject: str
) -> None:
    make_account("abc123", is_student=True, language=language)
    sweep()
    (message,) = mail.outbox
    text = {"da": "Alle studerende skal", "en": "All students must"}
    assert subject in message.subject
    assert text[language] in message.body
    assert text["en" if language == "da" else "da"] not in message.body
    assert "http://127.0.0.1:8000/sign-in/" in message.body
    assert "35 32 32 32" in message.body
    assert message.extra_headers == {"Auto-Submitted": "auto-generated"}


def test_who_left_and_who_has_no_address_are_not_mailed(running: EnrollmentCampaign, make_account: MakeAccount) -> None:
    make_account("abc123", is_student=True, is_active=False)
    nobody = make_account("abc456", is_student=True, email="")
    sweep()
    assert mail.outbox == []
    row = ReminderMail.objects.get()
    assert (row.account, row.state) == (nobody, "failed")
    assert Reminder.objects.get().finished_at is not None


def test_the_clock_starts_it_every_five_minutes() -> None:
    entry = background.CELERY_BEAT_SCHEDULE[reminders.sweep_reminders.name]
    assert (entry["task"], entry["schedule"]) == (reminders.sweep_reminders.name, 300.0)
