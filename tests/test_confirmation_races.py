"""Concurrent requests to enter a number, confirm, remove and report must not undo each other."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import transaction

from accounts import states
from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from limits import counting
from mfa_sms import enrollment
from mfa_sms.models import Purpose, SmsDevice, TextMessage
from mfa_sms.numbers import parse_number
from mfa_sms.tests.helpers import answer, ask, asked, code_of, pending_of
from mfa_sms.tests.races import at_once
from notices import compromise_reports
from sessions import registry
from sign_in import methods
from sign_in.methods import device_management
from sign_in.verification import CodeResult, Verdict
from tests.fixtures import confirmed_phone

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


def together(*calls: Callable[[], object]) -> list[object]:
    return list(at_once(list(calls)))


def test_entering_another_number_does_not_undo_a_confirmation(student: Account) -> None:
    for number in range(9):  # more would reach the cap of the prefix
        SmsDevice.objects.all().delete()
        Account.objects.update(protected_since=None)
        TextMessage.objects.all().delete()
        counting.lift(student.pk)
        device = SmsDevice.objects.create(user=student, number=f"+45261234{number:02}")
        code = code_of(asked(device, Purpose.ENROLL))
        right, _entered = together(
            partial(answer, student, code, Purpose.ENROLL),
            partial(
                enrollment.enter_number, pending_of(student, "other"), parse_number("26123499", "DK"), ClientInfo()
            ),
        )
        if isinstance(right, CodeResult) and right.verdict is Verdict.RIGHT:
            assert SmsDevice.objects.get(user=student, confirmed=True).number.as_e164 == f"+45261234{number:02}"


def test_a_removal_and_a_code_that_is_asked_for_do_not_stumble_over_each_other(student: Account) -> None:
    confirmed_phone(student)
    for number in range(15):
        TextMessage.objects.all().delete()
        other = confirmed_phone(student, f"+45261200{number:02}")
        results = together(
            partial(device_management.remove, student, "mfa_sms", other.pk, ClientInfo()),
            partial(asked_or_none, other),
        )
        assert not [result for result in results if isinstance(result, BaseException)]
    assert SmsDevice.objects.count() == 1


def asked_or_none(device: SmsDevice) -> object:
    return ask(device, browser=f"browser-{device.pk}")


def test_a_report_and_a_removal_at_once_leave_no_session_and_one_case(student: Account) -> None:
    confirmed_phone(student)
    for number in range(10):
        student.refresh_from_db()
        other = confirmed_phone(student, f"+45261200{number:02}")
        SecurityEvent.objects.create(kind="device_enrolled", account=student, method="mfa_sms", device_id=other.pk)
        event = SecurityEvent.objects.latest("pk")
        results = together(
            partial(device_management.remove, student, "mfa_sms", other.pk, ClientInfo()),
            partial(compromise_reports.report_compromise, event, ClientInfo()),
        )
        assert results[1] is True
    assert student.cases.count() == 10
    assert len(methods.devices(student.pk)) >= 1


def test_a_block_and_a_confirmation_at_once_leave_no_device_that_was_confirmed_later(student: Account) -> None:
    for number in range(5):  # more codes would reach the account's limit
        SmsDevice.objects.all().delete()
        Account.objects.update(protected_since=None, blocked_at=None)
        student.refresh_from_db()
        device = SmsDevice.objects.create(user=student, number=f"+45261234{number:02}")
        code = code_of(asked(device, Purpose.ENROLL))
        right, blocked = together(partial(answer, student, code, Purpose.ENROLL), partial(block, student))
        assert blocked is None
        confirmed = SmsDevice.objects.filter(confirmed=True).exists()
        assert confirmed == (isinstance(right, CodeResult) and right.verdict is Verdict.RIGHT)
        assert (Account.objects.get(pk=student.pk).protected_since is not None) == confirmed
        assert states.is_blocked(Account.objects.get(pk=student.pk))


def block(account: Account) -> None:
    """Block the account as the helpdesk's action does."""
    with transaction.atomic():
        locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        states.block(locked, None)
        registry.end_all(locked)
