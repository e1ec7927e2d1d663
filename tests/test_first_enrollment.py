"""Two browsers that know the password enroll different factors at the same time. Only one of them enrolls a device."""

from collections.abc import Callable
from functools import partial

import pytest

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from limits import counting
from mfa_sms.models import Purpose, SmsDevice, TextMessage
from mfa_sms.tests.helpers import answer, asked, code_of, pending_of
from mfa_sms.tests.races import at_once
from mfa_totp import enrollment, keys
from mfa_totp.tests.helpers import code_at
from sign_in import methods

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


def test_a_phone_and_an_app_at_once_leave_one_device(student: Account) -> None:
    for number in range(10):
        SmsDevice.objects.all().delete()
        TextMessage.objects.all().delete()
        counting.lift(student.pk)
        for option in methods.devices(student.pk):
            option.device.delete()
        Account.objects.update(protected_since=None)
        browser = f"phone-{number}"
        device = SmsDevice.objects.create(user=student, number=f"+45261234{number:02}")
        by_sms = partial(answer, student, code_of(asked(device, Purpose.ENROLL, browser)), Purpose.ENROLL, browser)
        flow = pending_of(student, f"app-{number}")
        by_app = partial(enrollment.confirm, flow, code_at(keys.secret_of_flow(flow, student).key), ClientInfo())
        calls: list[Callable[[], object]] = [by_sms, by_app]
        at_once(calls)
        assert len(methods.devices(student.pk)) == 1
    assert SecurityEvent.objects.filter(kind="device_enrolled").count() == 10
