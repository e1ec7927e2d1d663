"""Concurrent requests that enter or make recovery codes."""

from functools import partial
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from audit.models import SecurityEvent
from common.client_info import ClientInfo
from mfa_recovery import codes, making
from mfa_recovery.models import RecoveryCode, RecoveryDevice
from mfa_recovery.tests.helpers import WRONG, make_codes
from mfa_recovery.verification import RecoveryVerification
from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import pending_of
from mfa_sms.tests.races import at_once
from notices.models import Notice
from sign_in.verification import CodeResult

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


@pytest.fixture(autouse=True)
def _many_sheets_per_day(settings: Settings) -> None:
    settings.RECOVERY_SHEETS_PER_DAY = 100


def answer(phone: SmsDevice, code: str, browser: str = "this-browser") -> CodeResult[RecoveryDevice]:
    return RecoveryVerification(pending_of(phone.user, browser), ClientInfo()).verify(code)


def verdicts(answers: list[Any]) -> list[str]:
    return sorted(answer.verdict.value if isinstance(answer, CodeResult) else repr(answer) for answer in answers)


def test_asvs_6_5_1_of_two_right_codes_at_once_exactly_one_wins(phone: SmsDevice) -> None:
    made = make_codes(phone.user)
    for code in made:
        lost = "no_codes" if code == made[-1] else "wrong"
        assert verdicts(at_once([partial(answer, phone, code)] * 2)) == sorted(["right", lost])
        RecoveryDevice.objects.update(throttling_failure_count=0)
    assert SecurityEvent.objects.filter(kind="signed_in").count() == 10
    assert Notice.objects.filter(kind="recovery_codes_low").count() == 1


def test_asvs_6_6_3_of_twenty_wrong_codes_at_once_five_are_compared(phone: SmsDevice) -> None:
    make_codes(phone.user)
    answers = at_once([partial(answer, phone, WRONG, f"browser-{number}") for number in range(20)])
    assert verdicts(answers) == ["locked"] * 15 + ["wrong"] * 5
    assert RecoveryDevice.objects.get().throttling_failure_count == 5


@pytest.mark.parametrize("existing", [False, True])
def test_of_two_presses_at_once_one_makes_codes_and_shows_those_that_are_valid(
    phone: SmsDevice, existing: bool
) -> None:
    for _time in range(5):
        if existing:
            make_codes(phone.user)
        else:
            RecoveryDevice.objects.all().delete()
        number = making.made_sheet(phone.user).number
        results = at_once([partial(making.make_sheet, phone.user, number, ClientInfo())] * 2)
        (shown,) = [result for result in results if isinstance(result, making.MadeSheet)]
        assert results.count(None) == 1
        kept = list(RecoveryCode.objects.values_list("digest", flat=True))
        assert len(kept) == 10
        assert all(any(codes.matches_secret_code(code, digest) for digest in kept) for code in shown.codes)


def test_an_old_code_and_new_codes_at_once_do_each_other_no_harm(phone: SmsDevice) -> None:
    for _time in range(5):
        old = make_codes(phone.user)[0]
        number = making.made_sheet(phone.user).number
        calls: list[Any] = [partial(answer, phone, old), partial(making.make_sheet, phone.user, number, ClientInfo())]
        answered, made = at_once(calls)
        assert isinstance(answered, CodeResult)
        assert isinstance(made, making.MadeSheet)
        assert verdicts([answered]) in (["right"], ["wrong"])
        assert RecoveryCode.objects.filter(used_at=None).count() == 10
        RecoveryDevice.objects.update(throttling_failure_count=0)
