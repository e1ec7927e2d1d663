"""The owner gets one mail a day about many wrong passwords, without a report link."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import TestCase
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.account_names import parse_account_name
from accounts.models import Account
from common.client_info import ClientInfo
from notices.guessed_passwords import notify_guessed_passwords
from notices.models import Notice
from sign_in.password_check import check_password


@pytest.fixture(autouse=True)
def _few(settings: Settings) -> None:
    settings.PASSWORD_FAILURES_PER_NAME = 5


def guess(times: int, name: str = "stu123@alumni.ku.dk") -> None:
    for number in range(times):
        check_password(parse_account_name(name), "wrong", ClientInfo(f"203.0.113.{number}"))


def notify() -> int:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return notify_guessed_passwords()


def test_the_owner_is_told_once_in_a_window(student: Account) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        guess(4)
        assert notify() == 0
        guess(3)
        assert (notify(), notify()) == (1, 0)
        clock.shift(timedelta(days=1))
        assert notify() == 0
        guess(5)
        assert notify() == 1
    assert Notice.objects.count() == 2


def test_the_mail_says_what_happened_and_has_no_report_link(student: Account) -> None:
    student.language = "en"
    student.save()
    guess(6)
    notify()
    (message,) = mail.outbox
    assert "many wrong passwords" in str(message.body)
    assert "/report/" not in str(message.body)


def test_nobody_is_told_of_guesses_for_a_name_without_an_account(student: Account) -> None:
    guess(9, "nob123@ku.dk")
    assert notify() == 0
