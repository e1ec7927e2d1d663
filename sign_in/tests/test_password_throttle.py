"""The limits for wrong passwords: per name and address, and per address."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.account_names import parse_account_name
from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from sign_in.password_check import PasswordOutcome, check_password
from tests.fixtures import PASSWORD, Browser, Walk
from tests.helpers import kinds, mask

HERE = ClientInfo("192.0.2.1")
ELSEWHERE = ClientInfo("198.51.100.7")


def fail(times: int, name: str = "stu123@alumni.ku.dk", client: ClientInfo = HERE) -> None:
    for _time in range(times):
        assert check_password(parse_account_name(name), "wrong", client).outcome is PasswordOutcome.WRONG


def outcome(name: str = "stu123@alumni.ku.dk", client: ClientInfo = HERE) -> PasswordOutcome:
    return check_password(parse_account_name(name), PASSWORD, client).outcome


def test_the_tenth_failure_is_the_last_that_is_read(student: Account) -> None:
    fail(9)
    assert outcome() is PasswordOutcome.RIGHT
    fail(1)
    assert outcome() is PasswordOutcome.THROTTLED


def test_asvs_6_3_1_the_owner_is_not_locked_out_from_another_address(student: Account) -> None:
    fail(10)
    assert outcome(client=HERE) is PasswordOutcome.THROTTLED
    assert outcome(client=ELSEWHERE) is PasswordOutcome.RIGHT


def test_asvs_6_3_1_one_failure_each_for_many_names_slows_the_address(settings: Settings, student: Account) -> None:
    settings.PASSWORD_FAILURES_PER_ADDRESS = 60
    for number in range(60):
        fail(1, f"abc{number:03}@ku.dk")
    assert outcome(client=HERE) is PasswordOutcome.THROTTLED
    assert SecurityEvent.objects.latest("pk").reason == "by_address"
    assert outcome(client=ELSEWHERE) is PasswordOutcome.RIGHT


def test_other_names_from_the_same_address_go_on(student: Account, employee: Account) -> None:
    fail(10)
    assert outcome("emp789@ku.dk") is PasswordOutcome.RIGHT


def test_an_unknown_name_is_throttled_like_a_known_one(walk: Walk, student: Account) -> None:
    pages = []
    with time_machine.travel(timezone.now(), tick=False):
        for name in ("stu123@alumni.ku.dk", "nob123@alumni.ku.dk"):
            walk.name(name)
            for _time in range(10):
                walk.password("wrong")
            pages.append(walk.password())
    assert [page.status_code for page in pages] == [429, 429]
    assert mask(pages[0]) == mask(pages[1])


def test_a_throttled_attempt_is_refused_unread(student: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(10)

    def read(*args: Any, **kwargs: Any) -> bool:
        raise AssertionError("the password was compared")

    monkeypatch.setattr(Account, "check_password", read)
    assert outcome() is PasswordOutcome.THROTTLED


def test_the_limit_survives_a_new_browser_and_an_empty_cache(walk: Walk, student: Account) -> None:
    walk.name(student)
    for _time in range(10):
        walk.password("wrong")
    cache.clear()
    fresh = Walk(walk.outbox, Browser())
    fresh.name(student)
    assert fresh.password().status_code == 429


def test_the_wait_ends_when_the_window_has_passed(student: Account) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        fail(10)
        result = check_password(parse_account_name("stu123@alumni.ku.dk"), PASSWORD, HERE)
        assert result.until == start + timedelta(minutes=15)
        clock.move_to(start + timedelta(minutes=15, seconds=-1))
        assert outcome() is PasswordOutcome.THROTTLED
        clock.move_to(start + timedelta(minutes=15))
        assert outcome() is PasswordOutcome.RIGHT


def test_refused_attempts_do_not_prolong_the_wait(student: Account) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        fail(10)
        for minute in range(1, 15):
            clock.move_to(start + timedelta(minutes=minute))
            assert outcome() is PasswordOutcome.THROTTLED
        clock.move_to(start + timedelta(minutes=15, seconds=1))
        assert outcome() is PasswordOutcome.RIGHT


def test_the_page_says_when_to_try_again(walk: Walk, student: Account) -> None:
    with time_machine.travel("2026-03-02 12:00:10+01:00", tick=False):
        walk.name(student)
        for _time in range(10):
            walk.password("wrong")
        page = walk.password()
    assert page.status_code == 429
    assert "12.16" in page.content.decode()  # the next full minute after the limit ends
    assert kinds()[-1] == "sign_in_throttled"


def test_a_right_password_does_not_reset_the_count_of_an_address(settings: Settings, student: Account) -> None:
    settings.PASSWORD_FAILURES_PER_ADDRESS = 5
    fail(4, "nob123@ku.dk")
    assert outcome() is PasswordOutcome.RIGHT
    fail(1, "nob123@ku.dk")
    assert outcome() is PasswordOutcome.THROTTLED
