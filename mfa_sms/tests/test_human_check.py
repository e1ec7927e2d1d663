"""From the third number in a day on, a human check is required (guide, E7)."""

import altcha
import pytest
from pytest_django.fixtures import Settings

from accounts.models import Account
from mfa_sms.models import HumanCheck
from mfa_sms.tests.helpers import Clock, html
from tests.fixtures import MakeAccount, Walk

FIRST, SECOND, THIRD, FOURTH = "26 12 34 71", "26 12 34 72", "26 12 34 73", "26 12 34 74"
CHECK = "/enroll/phone/check/"


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    settings.SMS_CHECK_COST = 10


def to_check(walk: Walk, account: Account) -> HumanCheck:
    """Go to the check before the third number."""
    walk.to_password(account).number(FIRST)
    walk.number(SECOND)
    response = walk.number(THIRD)
    assert response.redirect_chain == [(CHECK, 302)]
    return HumanCheck.objects.filter(account=account).latest("pk")


def solve(check: HumanCheck) -> str:
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(check.puzzle))
    assert solution is not None
    return f"{solution.counter}:{solution.derived_key}"


def post(walk: Walk, solution: str) -> str:
    return html(walk.browser.post(CHECK, {"solution": solution}, follow=True))


def test_two_numbers_are_not_asked_for_it(walk: Walk, student: Account) -> None:
    walk.to_password(student).number(FIRST)
    walk.number(SECOND)
    assert len(walk.outbox.messages) == 2
    assert not HumanCheck.objects.exists()


def test_the_third_number_gets_no_code_before_the_check(walk: Walk, student: Account) -> None:
    to_check(walk, student)
    walk.browser.post("/enroll/phone/send/")
    assert len(walk.outbox.messages) == 2


def test_the_page_explains_itself(clock: Clock, walk: Walk, student: Account) -> None:
    to_check(walk, student)
    page = html(walk.get(CHECK))
    assert "Et øjeblik" in page
    assert "Du skal ikke løse noget." in page
    assert "Vent til kl. 10.01, og tryk så på Fortsæt." in page


def test_a_solved_puzzle_sends_the_code(walk: Walk, student: Account) -> None:
    page = post(walk, solve(to_check(walk, student)))
    assert "+45 26 12 34 73" in page
    assert [message["to"][-2:] for message in walk.outbox.messages] == ["71", "72", "73"]
    assert "Telefonen er nu registreret" in html(walk.enroll_code())


def test_the_puzzle_does_not_hold_its_solution(walk: Walk, student: Account) -> None:
    check = to_check(walk, student)
    counter, _, key = solve(check).partition(":")
    assert key not in str(check.puzzle)
    assert "counter" not in str(check.puzzle)
    assert int(counter) >= 400


@pytest.mark.parametrize(
    "solution", ["", "1", "1:", ":", "-1:00", "500:00", "x:00", "\u0661:00", "9" * 100, "9" * 50_000, "1:" + "0" * 64]
)
def test_a_wrong_solution_sends_nothing(clock: Clock, walk: Walk, student: Account, solution: str) -> None:
    to_check(walk, student)
    page = post(walk, solution)
    assert "Vi er ikke færdige endnu. Tryk på Fortsæt igen kl. 10.01." in page
    assert len(walk.outbox.messages) == 2
    assert HumanCheck.objects.get().passed_at is None


def test_the_right_counter_with_another_key_is_wrong(clock: Clock, walk: Walk, student: Account) -> None:
    counter, _, key = solve(to_check(walk, student)).partition(":")
    assert "ikke færdige" in post(walk, f"{counter}:{key[:-2]}00")


def test_a_solution_of_another_account_is_refused(
    clock: Clock, walk: Walk, another_walk: Walk, student: Account, make_account: MakeAccount
) -> None:
    solution = solve(to_check(walk, student))
    other = to_check(another_walk, make_account("oth222", is_student=True))
    assert "ikke færdige" in post(another_walk, solution)
    other.refresh_from_db()
    assert other.passed_at is None


def test_a_solution_is_good_for_one_number(clock: Clock, walk: Walk, student: Account) -> None:
    solution = solve(to_check(walk, student))
    post(walk, solution)
    assert walk.number(FOURTH).redirect_chain == [(CHECK, 302)]
    assert "ikke færdige" in post(walk, solution)
    assert len(walk.outbox.messages) == 3
    assert HumanCheck.objects.count() == 2


def test_a_puzzle_that_was_changed_in_the_browser_is_not_believed(clock: Clock, walk: Walk, student: Account) -> None:
    check = to_check(walk, student)
    own = altcha.create_challenge("PBKDF2/SHA-256", 1, counter=1, hmac_secret="x")
    solution = altcha.solve_challenge(own)
    assert solution is not None
    assert "ikke færdige" in post(walk, f"{solution.counter}:{solution.derived_key}")
    check.refresh_from_db()
    assert check.passed_at is None


def test_without_a_script_half_a_minute_is_enough(clock: Clock, walk: Walk, student: Account) -> None:
    to_check(walk, student)
    clock.forward(29)
    assert "ikke færdige" in post(walk, "")
    clock.forward(1)
    assert "+45 26 12 34 73" in post(walk, "")
    assert len(walk.outbox.messages) == 3


def test_a_number_passes_once(clock: Clock, walk: Walk, student: Account) -> None:
    post(walk, solve(to_check(walk, student)))
    clock.forward(61)
    walk.browser.post("/enroll/phone/send/")
    assert len(walk.outbox.messages) == 4
    assert HumanCheck.objects.count() == 1


def test_a_check_that_was_passed_but_sent_nothing_is_not_asked_for_again(
    clock: Clock, walk: Walk, student: Account, settings: Settings
) -> None:
    solution = solve(to_check(walk, student))
    settings.SMS_ENROLL_PER_HALF_HOUR = 2
    assert "Vi kan ikke sende flere koder lige nu" in post(walk, solution)
    settings.SMS_ENROLL_PER_HALF_HOUR = 5
    walk.number(THIRD)
    assert len(walk.outbox.messages) == 3
    assert HumanCheck.objects.count() == 1


def test_numbers_of_yesterday_do_not_count(clock: Clock, walk: Walk, student: Account) -> None:
    walk.to_password(student).number(FIRST)
    walk.number(SECOND)
    clock.forward(days=1)
    walk.to_password(student).number(THIRD)
    assert len(walk.outbox.messages) == 3
    assert not HumanCheck.objects.exists()


def test_a_get_passes_nothing(clock: Clock, walk: Walk, student: Account) -> None:
    check = to_check(walk, student)
    clock.forward(60)
    walk.get(f"{CHECK}?solution={solve(check)}")
    assert HumanCheck.objects.get().passed_at is None
    assert len(walk.outbox.messages) == 2
