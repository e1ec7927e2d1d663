"""Concurrent workers, sweeps and tabs do each thing once."""

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from campaigns import postponements, reminder_mails, reminders
from campaigns.models import EnrollmentCampaign, Postponement, Reminder
from campaigns.tests.campaigns import campaign
from common.client_info import ClientInfo
from mfa_sms.tests.races import at_once
from sign_in.pending import PendingSignIn
from tests.fixtures import MakeAccount

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


def test_workers_at_once_mail_each_mail_once(make_account: MakeAccount, settings: Settings) -> None:
    settings.REMINDER_BATCH = 7
    addresses = [make_account(f"abc{number:03}", is_student=True).email for number in range(40)]
    for number in range(1, 4):
        reminder = Reminder.objects.create(campaign=campaign(name=f"C{number}"), days_before=number)
        assert at_once([partial(reminder_mails.send_reminder, reminder.pk)] * 4) == [None] * 4
        assert sorted(message.to[0] for message in mail.outbox) == addresses
        assert set(reminder.mails.values_list("state", flat=True)) == {"sent"}
        assert reminder.mails.count() == 40
        reminder.refresh_from_db()
        assert reminder.finished_at is not None
        mail.outbox.clear()


def test_clocks_at_once_begin_a_reminder_once(student: Account) -> None:
    today = timezone.localtime().replace(hour=23, minute=59, second=59)
    for number in range(1, 6):
        campaign(name=f"C{number}", deadline=today + timedelta(days=3), remind_days="3")
        EnrollmentCampaign.objects.exclude(name=f"C{number}").update(paused_at=timezone.now())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("django.conf.settings.REMINDERS_FROM_HOUR", 0)
            assert at_once([reminders.sweep_reminders] * 3) == [None] * 3
        assert Reminder.objects.count() == SecurityEvent.objects.filter(kind="reminder_requested").count() == number
        assert len(mail.outbox) == number


def test_tabs_at_once_count_one_postponement(make_account: MakeAccount) -> None:
    campaign()
    for number in range(1, 6):
        account = make_account(f"abc{number}23", is_student=True)
        pending = PendingSignIn(
            str(account.account_name),
            timezone.now().timestamp(),
            account_id=account.pk,
            auth_hash=account.get_session_auth_hash(),
        )
        results = at_once([partial(postponements.postpone, pending, ClientInfo())] * 3)
        assert [type(result) for result in results] == [postponements.Allowance] * 3
        assert Postponement.objects.get(account=account).times == 1
        assert SecurityEvent.objects.filter(kind="enrollment_postponed").count() == number
