"""Invariants under concurrency, with several requests or workers at the same moment."""

import threading
from functools import partial
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from limits import catalogue, counting
from limits.limit import Limit
from limits.models import LimitCounter
from mfa_sms import codes, delivery
from mfa_sms.models import Challenge, Purpose, SmsDevice, TextMessage
from mfa_sms.sending import Queued
from mfa_sms.tests.helpers import answer, ask, asked, code_of, other_than, queued
from mfa_sms.tests.races import at_once
from sign_in.verification import CodeResult, Verdict
from tests.fixtures import MakeAccount, Outbox, confirmed_phone

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every code that was compared."""
    seen: list[str] = []
    lock = threading.Lock()
    matches = codes.matches

    def count(challenge: Challenge, code: str) -> bool:
        with lock:
            seen.append(code)
        return matches(challenge, code)

    monkeypatch.setattr(codes, "matches", count)
    return seen


def verdicts(answers: list[CodeResult[SmsDevice] | BaseException]) -> list[Any]:
    return sorted(answer.verdict.value if isinstance(answer, CodeResult) else repr(answer) for answer in answers)


def test_asvs_6_5_1_of_two_right_codes_at_once_exactly_one_wins(phone: SmsDevice) -> None:
    for number in range(20):
        browser = f"browser-{number}"
        for model in (TextMessage, LimitCounter):
            model.objects.all().delete()
        code = code_of(asked(phone, browser=browser))
        answers = at_once([partial(answer, phone.user, code, browser=browser)] * 2)
        assert verdicts(answers) == ["expired", "right"]
    assert SecurityEvent.objects.filter(kind="signed_in").count() == 20


def test_asvs_6_5_1_of_two_right_codes_at_enrollment_exactly_one_wins(student: Account) -> None:
    device = SmsDevice.objects.create(user=student, number="+4526123478")
    code = code_of(asked(device, Purpose.ENROLL))
    results = at_once([partial(answer, student, code, Purpose.ENROLL)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["CodeResult", "Problem"]
    assert [result.verdict for result in results if isinstance(result, CodeResult)] == [Verdict.RIGHT]
    assert SecurityEvent.objects.filter(kind="device_enrolled").count() == 1


def test_asvs_6_6_3_of_twenty_wrong_codes_at_once_five_are_compared(phone: SmsDevice, compared: list[str]) -> None:
    code = other_than(code_of(asked(phone)))
    answers = at_once([partial(answer, phone.user, code)] * 20)
    assert len(compared) == 5
    assert verdicts(answers) == ["exhausted", *["expired"] * 15, *["wrong"] * 4]
    phone.refresh_from_db()
    assert phone.throttling_failure_count == 5
    assert Challenge.objects.get().failures == 5


def test_asvs_6_6_3_of_fifty_guesses_at_once_five_are_compared(phone: SmsDevice, compared: list[str]) -> None:
    code = code_of(asked(phone))
    guesses = [f"{(int(code) + number) % 1_000_000:06d}" for number in range(1, 51)]
    answers = at_once([partial(answer, phone.user, guess) for guess in guesses])
    assert len(compared) == 5
    assert verdicts(answers).count(Verdict.RIGHT.value) == 0


def test_asvs_6_6_3_guesses_in_several_browsers_at_once_are_counted_together(
    phone: SmsDevice, compared: list[str]
) -> None:
    browsers = [f"browser-{number}" for number in range(4)]
    wrong = []
    for browser in browsers:
        wrong.append(other_than(code_of(asked(phone, browser=browser))))
        SmsDevice.objects.update(last_generated_timestamp=None)
    at_once(
        [
            partial(answer, phone.user, code, browser=browser)
            for code, browser in zip(wrong, browsers, strict=True)
            for _ in range(4)
        ]
    )
    assert len(compared) == 5


def use_up(limit: Limit, party: str, left: int = 1) -> None:
    """Use up the limit except for `left`."""
    for _ in range(limit.number - left):
        counting.take(limit, party)


def sent_at_once(*devices: SmsDevice) -> int:
    asks = [partial(ask, device, browser=f"browser-{number}") for number, device in enumerate(devices)]
    return sum(isinstance(result, Queued) for result in at_once(asks))


def test_of_two_sends_at_once_one_is_sent(phone: SmsDevice, sms_outbox: Outbox) -> None:
    for _ in range(5):
        Challenge.objects.all().delete()
        TextMessage.objects.all().delete()
        SmsDevice.objects.update(last_generated_timestamp=None, unanswered_messages=0)
        assert sent_at_once(phone, phone) == 1
    assert len(sms_outbox.messages) == 5


@pytest.mark.parametrize(
    "limit", [catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_HALF_HOUR, catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_DAY]
)
def test_of_two_sends_of_an_accounts_last_message_one_is_sent(
    phone: SmsDevice, sms_outbox: Outbox, limit: Limit
) -> None:
    second = confirmed_phone(phone.user, "+4526123499")
    use_up(limit, str(phone.user.pk))
    assert sent_at_once(phone, second) == 1
    assert len(sms_outbox.messages) == 1


def test_of_two_sends_of_an_hours_last_message_one_is_sent_whichever_account_asks(
    phone: SmsDevice, make_account: MakeAccount, sms_outbox: Outbox, settings: Settings
) -> None:
    settings.SMS_SIGN_IN_ABROAD_PER_HOUR = 1
    accounts = [make_account(name, is_student=True) for name in ("one111", "two222", "thr333")]
    phones = [confirmed_phone(account, f"+4670123456{n}") for n, account in enumerate(accounts)]
    assert sent_at_once(*phones) == 1
    assert len(sms_outbox.messages) == 1


def test_of_two_workers_with_one_message_one_sends_it(phone: SmsDevice, sms_outbox: Outbox) -> None:
    for number in range(1, 11):
        message = queued(phone)
        at_once([partial(delivery.deliver, message.pk)] * 2)
        assert len(sms_outbox.messages) == number
        message.refresh_from_db()
        assert (message.status, message.tries) == (TextMessage.Status.SENT, 1)
