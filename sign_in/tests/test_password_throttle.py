"""Wrong passwords are limited by name, address and browser. Above a limit each attempt needs a human check."""

import json
import re
from datetime import timedelta
from typing import Any

import altcha
import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.account_names import parse_account_name
from accounts.models import Account
from audit.models import RefusalCount, SecurityEvent
from common import proof_of_work
from common.client_info import ClientInfo
from limits import catalogue, counting
from limits.models import LimitCounter
from mfa_sms.models import SmsDevice
from mfa_sms.tests.races import at_once
from sign_in.human_check import Answer, HumanCheck
from sign_in.known_browsers import KnownAccounts
from sign_in.password_check import PasswordOutcome, check_password
from tests.fixtures import PASSWORD, Browser, Walk
from tests.helpers import kinds, mask

HERE = ClientInfo("192.0.2.1")
ELSEWHERE = ClientInfo("198.51.100.7")
THROTTLED, RIGHT, WRONG = PasswordOutcome.THROTTLED, PasswordOutcome.RIGHT, PasswordOutcome.WRONG


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    settings.SIGN_IN_CHECK_COST = 10


def fail(times: int, name: str = "stu123@alumni.ku.dk", client: ClientInfo = HERE) -> None:
    for _time in range(times):
        assert check_password(parse_account_name(name), "wrong", client).outcome is WRONG


def outcome(name: str = "stu123@alumni.ku.dk", client: ClientInfo = HERE, **more: Any) -> PasswordOutcome:
    return check_password(parse_account_name(name), PASSWORD, client, **more).outcome


def solved() -> Answer:
    """Return the answer of a browser that has done its work."""
    puzzle = proof_of_work.new_puzzle(10)
    return Answer(HumanCheck(puzzle, timezone.now()), solution_of(puzzle), HERE.network or "")


def solution_of(puzzle: dict[str, Any]) -> str:
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(puzzle))
    assert solution is not None
    return f"{solution.counter}:{solution.derived_key}"


def puzzle_on(page: Any) -> dict[str, Any]:
    found = re.search(r'data-puzzle="([^"]+)"', page.content.decode())
    assert found
    puzzle: dict[str, Any] = json.loads(found[1].replace("&quot;", '"'))
    return puzzle


def known_to(account: Account) -> KnownAccounts:
    """Return what a browser knows in which the account has signed in."""
    return KnownAccounts(KnownAccounts().with_account(account))


def test_the_tenth_failure_is_the_last_that_is_read_without_a_check(student: Account) -> None:
    fail(9)
    assert outcome() is RIGHT
    fail(1)
    assert outcome() is THROTTLED


def test_asvs_6_3_1_the_owner_is_not_slowed_down_at_another_address(student: Account) -> None:
    fail(10)
    assert outcome(client=HERE) is THROTTLED
    assert outcome(client=ELSEWHERE) is RIGHT


def test_asvs_6_3_1_one_failure_each_for_many_names_slows_the_address(settings: Settings, student: Account) -> None:
    settings.PASSWORD_NAMES_PER_ADDRESS = 60
    for number in range(60):
        fail(1, f"abc{number:03}@ku.dk")
    assert outcome(client=HERE) is THROTTLED
    assert SecurityEvent.objects.latest("pk").reason == "password_names"
    assert outcome(client=ELSEWHERE) is RIGHT


def test_asvs_6_3_1_right_passwords_of_one_account_lift_no_limit_of_the_address(
    settings: Settings, student: Account
) -> None:
    settings.PASSWORD_NAMES_PER_ADDRESS = 20
    for _time in range(30):
        assert outcome() is RIGHT
    for number in range(20):
        fail(1, f"abc{number:03}@ku.dk")
    assert outcome("abc777@ku.dk") is THROTTLED


def test_many_failures_of_one_name_count_once_for_the_address(settings: Settings, student: Account) -> None:
    settings.PASSWORD_NAMES_PER_ADDRESS = 2
    fail(10, "nob123@ku.dk")
    assert outcome() is RIGHT


def test_asvs_6_3_1_an_account_is_slowed_down_over_all_addresses(student: Account) -> None:
    read = [
        check_password(parse_account_name("stu123@alumni.ku.dk"), "wrong", ClientInfo(f"203.0.113.{number}")).outcome
        for number in range(70)
    ]
    assert read.count(WRONG) == 50
    assert read[50:] == [THROTTLED] * 20
    assert outcome(client=ELSEWHERE) is THROTTLED
    assert outcome(client=ELSEWHERE, known=known_to(student)) is RIGHT
    assert outcome(client=ELSEWHERE, answer=solved()) is RIGHT


def test_k1_failures_of_others_do_not_count_in_a_known_browser(settings: Settings, student: Account) -> None:
    settings.PASSWORD_NAMES_PER_ADDRESS = 20
    known = known_to(student)
    fail(10)
    for number in range(19):
        fail(1, f"abc{number:03}@ku.dk")
    assert outcome() is THROTTLED
    assert outcome(known=known) is RIGHT


def test_a_known_browser_has_a_limit_of_its_own(student: Account) -> None:
    name, known, another = parse_account_name("stu123@alumni.ku.dk"), known_to(student), known_to(student)
    for _time in range(10):
        assert check_password(name, "wrong", HERE, known).outcome is WRONG
    assert outcome(known=known) is THROTTLED
    assert outcome(known=known, answer=solved()) is RIGHT
    assert outcome(known=another) is RIGHT
    assert outcome() is RIGHT


def test_a_browser_that_is_known_to_another_account_has_no_budget_for_this_one(
    student: Account, employee: Account
) -> None:
    fail(10)
    assert outcome(known=known_to(employee)) is THROTTLED


def test_k1_a_new_browser_waits_less_than_a_minute_while_a_stranger_at_its_address_goes_on(
    walk: Walk, another_walk: Walk, student: Account
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        another_walk.name(student)
        walk.name(student)
        for _time in range(40):
            another_walk.password("wrong")
        page = walk.password()
        assert (page.status_code, int(page["Retry-After"])) == (429, 30)
        for _time in range(40):
            another_walk.password("wrong")
        clock.shift(timedelta(seconds=29))
        assert walk.password().status_code == 429
        clock.shift(timedelta(seconds=1))
        assert walk.password().redirect_chain[0] == ("/sign-in/verify/", 302)


def test_a_browser_that_has_done_its_work_goes_on_at_once(walk: Walk, student: Account) -> None:
    fail(10, client=ClientInfo("127.0.0.1"))
    walk.name(student)
    page = walk.password()
    data = {"password": PASSWORD, "solution": solution_of(puzzle_on(page))}
    assert walk.browser.post("/sign-in/password/", data)["Location"] == "/sign-in/verify/"


def test_a_check_passes_one_attempt(student: Account) -> None:
    fail(10)
    answer = solved()
    name = parse_account_name("stu123@alumni.ku.dk")
    assert check_password(name, "wrong", HERE, answer=answer).outcome is WRONG
    assert outcome(answer=answer) is THROTTLED


def test_a_check_that_is_too_old_passes_nothing(student: Account, settings: Settings) -> None:
    fail(10)
    answer = solved()
    with time_machine.travel(timezone.now() + settings.SIGN_IN_CHECK_LIFE):
        fail(10)
        assert outcome(answer=answer) is THROTTLED


def test_few_waits_pass_at_one_address(student: Account, settings: Settings) -> None:
    settings.CHECK_WAITS_PER_ADDRESS = 2
    fail(10)
    made_at = timezone.now() - settings.SIGN_IN_CHECK_WAIT
    waited = [Answer(HumanCheck(proof_of_work.new_puzzle(10), made_at), "", "192.0.2.1") for _time in range(3)]
    assert [outcome(answer=answer) for answer in waited] == [RIGHT, RIGHT, THROTTLED]
    assert outcome(answer=solved()) is RIGHT


@pytest.mark.parametrize("cookie", ["", "x", "W10:1a:b", "\x00", "é"])
def test_a_forged_check_passes_nothing(walk: Walk, student: Account, cookie: str) -> None:
    fail(10, client=ClientInfo("127.0.0.1"))
    walk.name(student)
    walk.browser.cookies["check"] = cookie
    assert walk.password().status_code == 429


def test_other_names_from_the_same_address_go_on(student: Account, employee: Account) -> None:
    fail(10)
    assert outcome("emp789@ku.dk") is RIGHT


def test_an_unknown_name_is_throttled_like_a_known_one(walk: Walk, student: Account) -> None:
    pages = []
    with time_machine.travel(timezone.now(), tick=False):
        for name in ("stu123@alumni.ku.dk", "nob123@alumni.ku.dk"):
            walk.name(name)
            for _time in range(10):
                walk.password("wrong")
            walk.browser.cookies.pop("check", None)
            pages.append(walk.password())
    assert [page.status_code for page in pages] == [429, 429]
    masked = [re.sub(r'data-puzzle="[^"]+"', "", mask(page, "stu123", "nob123")) for page in pages]
    assert masked[0] == masked[1]


def test_a_throttled_attempt_is_refused_unread(student: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(10)

    def read(*args: Any, **kwargs: Any) -> bool:
        raise AssertionError("the password was compared")

    monkeypatch.setattr(Account, "check_password", read)
    assert outcome() is THROTTLED


def test_the_limit_survives_a_new_browser_and_an_empty_cache(walk: Walk, student: Account) -> None:
    walk.name(student)
    for _time in range(10):
        walk.password("wrong")
    cache.clear()
    fresh = Walk(walk.outbox, Browser())
    fresh.name(student)
    assert fresh.password().status_code == 429


def test_the_check_ends_when_the_window_has_passed(student: Account) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        fail(10)
        clock.move_to(start + timedelta(minutes=15, seconds=-1))
        assert outcome() is THROTTLED
        clock.move_to(start + timedelta(minutes=15))
        assert outcome() is RIGHT


def test_refused_attempts_do_not_prolong_the_window(student: Account) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        fail(10)
        for minute in range(1, 15):
            clock.move_to(start + timedelta(minutes=minute))
            assert outcome() is THROTTLED
        clock.move_to(start + timedelta(minutes=15, seconds=1))
        assert outcome() is RIGHT


def test_the_page_says_when_to_try_again(walk: Walk, student: Account) -> None:
    with time_machine.travel("2026-03-02 12:00:10+01:00", tick=False):
        walk.name(student)
        for _time in range(10):
            walk.password("wrong")
        page = walk.password()
    assert page.status_code == 429
    assert "12.01" in page.content.decode()  # the next full minute after the wait
    assert kinds()[-1] == "limit_reached"


def test_a_completed_sign_in_gives_the_browser_a_budget(walk: Walk, another_walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    walk.browser.post("/sign-out/")
    another_walk.name(phone.user)
    for _time in range(12):
        another_walk.password("wrong")
    walk.name(phone.user)
    assert walk.password().status_code == 200


def test_k6_invented_names_add_a_bounded_number_of_rows(settings: Settings, student: Account) -> None:
    settings.PASSWORD_NAMES_PER_ADDRESS = 20
    with time_machine.travel("2026-03-02 12:00:10+01:00", tick=False):
        for number in range(200):
            check_password(parse_account_name(f"abc{number:03}@ku.dk"), "wrong", HERE)
    assert RefusalCount.objects.get().count == 20
    assert kinds() == ["limit_reached"]
    assert LimitCounter.objects.count() == 3 * 20 + 1


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_asvs_6_3_1_of_simultaneous_passwords_no_more_than_the_limit_are_compared(settings: Settings) -> None:
    Account.objects.create_user("stu123", PASSWORD, is_student=True)
    name = parse_account_name("stu123@alumni.ku.dk")
    results = at_once([lambda: check_password(name, "wrong", HERE).outcome] * 16)
    assert (results.count(WRONG), results.count(THROTTLED)) == (10, 6)


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_of_simultaneous_uses_of_one_check_one_passes() -> None:
    Account.objects.create_user("stu123", PASSWORD, is_student=True)
    fail(10)
    answer = solved()
    results = at_once([lambda: outcome(answer=answer)] * 8)
    assert (results.count(RIGHT), results.count(THROTTLED)) == (1, 7)


def test_a_page_without_scripts_tells_the_truth_when_the_address_has_no_waits_left(
    walk: Walk, student: Account, settings: Settings
) -> None:
    """Retry-After would otherwise be one second each time."""
    settings.CHECK_WAITS_PER_ADDRESS = 1
    with time_machine.travel(timezone.now(), tick=False):
        counting.take(catalogue.CHECK_WAITS_OF_ADDRESS, "127.0.0.1")
        walk.name(student)
        pages = [walk.password("wrong") for _time in range(settings.PASSWORD_FAILURES + 1)]
        assert pages[-1]["Retry-After"] == "900"
