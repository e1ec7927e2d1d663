"""An agent registers a number at the moment when the student confirms another one."""

from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.auth.models import Permission
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk import perform, registry
from helpdesk.models import ActionRecord
from helpdesk.registry import ActionRefused, ActionResult
from limits import counting
from mfa_sms.models import Purpose, SmsDevice, TextMessage
from mfa_sms.tests.helpers import answer, asked, code_of
from mfa_sms.tests.races import at_once
from sign_in.verification import CodeResult, Verdict

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


def test_either_the_agents_number_waits_or_the_students_is_confirmed(student: Account, helpdesk: Account) -> None:
    helpdesk.user_permissions.add(Permission.objects.get(codename="register_number"))
    action = registry.by_slug("register-number")
    assert action is not None
    said = {"number": PhoneNumber.from_string("+4526123499"), "proof": "mitid", "case_number": "INC1234", "note": ""}
    for _time in range(10):
        TextMessage.objects.all().delete()
        SmsDevice.objects.all().delete()
        ActionRecord.objects.all().delete()
        Account.objects.update(protected_since=None)
        counting.lift(student.pk)
        device = SmsDevice.objects.create(user=student, number="+4526123478")
        code = code_of(asked(device, Purpose.ENROLL))
        calls: list[Callable[[], object]] = [
            partial(perform.perform_action, helpdesk, action, student, said, ClientInfo()),
            partial(answer, student, code, Purpose.ENROLL),
        ]
        done, answered = at_once(calls)
        (left,) = SmsDevice.objects.all()
        assert isinstance(answered, CodeResult)
        if answered.verdict is Verdict.RIGHT:
            assert isinstance(done, ActionRefused)
            assert (left.number.as_e164, left.confirmed) == ("+4526123478", True)
        else:
            assert isinstance(done, ActionResult)
            assert (left.number.as_e164, left.confirmed, left.by_agent) == ("+4526123499", False, True)
