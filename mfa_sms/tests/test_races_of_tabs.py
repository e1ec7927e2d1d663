"""One person acts in two tabs at the same moment, and no deadlock occurs."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from common.client_info import ClientInfo
from mfa_sms import enrollment, limits, sending
from mfa_sms.models import Purpose, SmsDevice
from mfa_sms.tests.helpers import answer, ask, asked, code_of, pending_of
from mfa_sms.tests.races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


def while_asking(monkeypatch: pytest.MonkeyPatch, first: Callable[[], object], then: Callable[[], object]) -> list[str]:
    """Start `then` after `first` took its locks and before it writes. Return what was raised."""
    locked = threading.Event()
    take = limits.take_code

    def slowly(*args: Any, **kwargs: Any) -> object:
        locked.set()
        time.sleep(0.3)
        return take(*args, **kwargs)

    def wait_and_do() -> object:
        assert locked.wait(10)
        return then()

    monkeypatch.setattr(limits, "take_code", slowly)
    monkeypatch.setattr(sending, "enqueue_code", lambda message_id: None)
    return [repr(result) for result in at_once([first, wait_and_do]) if isinstance(result, BaseException)]


def test_a_code_is_answered_while_it_is_sent_again(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    code = code_of(asked(phone))
    SmsDevice.objects.update(last_generated_timestamp=None)
    assert while_asking(monkeypatch, partial(ask, phone), partial(answer, phone.user, code)) == []


def test_a_number_is_corrected_while_its_code_is_sent_again(student: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    device = SmsDevice.objects.create(user=student, number="+4526123478")
    other = PhoneNumber.from_string("+4526123479")
    correct = partial(enrollment.enter_number, pending_of(student), other, ClientInfo())
    assert while_asking(monkeypatch, partial(ask, device, Purpose.ENROLL), correct) == []


def test_a_number_is_entered_twice_at_once(student: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    enter = partial(enrollment.enter_number, pending_of(student), PhoneNumber.from_string("+4526123478"), ClientInfo())
    assert [result for result in at_once([enter] * 4) if isinstance(result, BaseException)] == []
    assert SmsDevice.objects.get().text_messages.count() == 1
