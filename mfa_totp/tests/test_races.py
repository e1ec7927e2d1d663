"""Concurrent requests with codes, at sign-in and at enrollment."""

from functools import partial

import pytest

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from common.problems import Problem
from mfa_sms.tests.helpers import pending_of
from mfa_sms.tests.races import at_once
from mfa_totp import enrollment, keys
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import app_of, code_at, code_of, wrong_code
from mfa_totp.verification import AppVerification
from sign_in.verification import CodeResult

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


def answers(device: AuthenticatorApp, code: str, times: int) -> list[str]:
    call = partial(AppVerification(pending_of(device.user), ClientInfo(), device.persistent_id).verify, code)
    return sorted(
        result.verdict.value if isinstance(result, CodeResult) else repr(result) for result in at_once([call] * times)
    )


def test_asvs_6_5_1_of_two_right_codes_at_once_exactly_one_wins(student: Account) -> None:
    for _ in range(10):
        device = app_of(student)
        assert answers(device, code_of(device), 2) == ["right", "used"]
    assert SecurityEvent.objects.filter(kind="signed_in").count() == 10


def test_asvs_6_6_3_of_twenty_wrong_codes_at_once_five_are_compared(student: Account) -> None:
    device = app_of(student)
    assert answers(device, wrong_code(device), 20) == ["locked"] * 15 + ["wrong"] * 5
    device.refresh_from_db()
    assert device.throttling_failure_count == 5


def test_of_two_clicks_at_enrollment_one_registers(student: Account) -> None:
    pending = pending_of(student)
    code = code_at(keys.secret_of_flow(pending, student).key)
    found = at_once([partial(enrollment.confirm, pending, code, ClientInfo())] * 2)
    assert [result.pk if isinstance(result, AuthenticatorApp) else result for result in found] == [
        AuthenticatorApp.objects.get().pk
    ] * 2
    assert SecurityEvent.objects.filter(kind="device_enrolled").count() == 1


def test_of_two_browsers_at_enrollment_one_registers(student: Account) -> None:
    flows = [pending_of(student, browser) for browser in ("one", "another")]
    calls = [
        partial(enrollment.confirm, pending, code_at(keys.secret_of_flow(pending, student).key), ClientInfo())
        for pending in flows
    ]
    found = at_once(calls)
    refused = [result for result in found if not isinstance(result, AuthenticatorApp)]
    assert [(type(result), getattr(result, "status", None)) for result in refused] == [(Problem, 409)]
    assert AuthenticatorApp.objects.count() == 1
