"""Several workers, or two clicks, that do the same thing at the same moment."""

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Account
from audit.models import SecurityEvent
from helpdesk.models import Case
from mfa_sms.models import SmsDevice
from mfa_sms.tests.races import at_once
from notices import abandoned_sign_ins, compromise_reports, mailing
from notices.models import Notice
from notices.tests.owners import CLIENT, added

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


def test_of_two_workers_with_one_notice_one_mails_it(phone: SmsDevice) -> None:
    for number in range(1, 11):
        notice = added(phone)
        assert at_once([partial(mailing.send_notice, notice.pk)] * 3) == [None] * 3
        assert len(mail.outbox) == number
        notice.refresh_from_db()
        assert notice.tries == 1


def test_two_sweeps_at_once_mail_each_notice_once(phone: SmsDevice) -> None:
    for _ in range(5):
        added(phone, created_at=timezone.now() - timedelta(minutes=1))
    at_once([mailing.sweep_notices] * 3)
    assert len(mail.outbox) == 5


def test_of_two_reports_at_once_one_does_it(phone: SmsDevice) -> None:
    for number in range(1, 11):
        event = added(phone).event
        results = at_once([partial(compromise_reports.report_compromise, event, CLIENT)] * 3)
        assert sorted(results, key=str) == [False, False, True]
        assert Case.objects.count() == SecurityEvent.objects.filter(kind="reported").count() == number
        assert Account.objects.get().session_epoch == number


def test_of_two_clocks_at_once_one_tells_the_owner(phone: SmsDevice) -> None:
    for number in range(1, 6):
        at = timezone.now() - timedelta(minutes=11)
        SecurityEvent.objects.create(kind="password_accepted", account=phone.user, at=at)
        results = at_once([abandoned_sign_ins.notify_abandoned_sign_ins] * 3)
        assert sorted(results, key=str) == [0, 0, 1]
        assert Notice.objects.count() == SecurityEvent.objects.filter(kind="second_factor_missing").count() == number
        Notice.objects.update(created_at=timezone.now() - timedelta(hours=25))
