"""A session that began with an access pass ends with the pass. It cannot be remembered."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from mfa_pass.models import AccessPass
from mfa_pass.tests.helpers import enter, give, in_english
from mfa_sms.models import SmsDevice
from sessions.models import Session
from sign_in import remember_me
from tests.fixtures import Walk
from tests.helpers import is_signed_in
from tests.interface import in_en

START = datetime.fromisoformat("2026-09-01T08:00:00+02:00")
ENDED = in_en("You have been logged out because you were given access for a limited time only.")

Later = Callable[..., None]


@pytest.fixture(params=["sessions.database", "sessions.cached"], autouse=True)
def engine(request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.SESSION_ENGINE = request.param
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pass"}}


@pytest.fixture
def later(time_machine: TimeMachineFixture) -> Later:
    """Move the clock to a time after the start."""

    def travel(**passed: float) -> None:
        time_machine.move_to(START + timedelta(**passed), tick=False)

    travel()
    return travel


def signed_in(walk: Walk, account: Account, agent: Account, life: timedelta = timedelta(hours=1)) -> None:
    code = give(account, agent, life, single_use=False)
    in_english(walk).to_password(account)
    enter(walk, code)


def test_the_session_ends_to_the_second_with_the_pass_however_much_it_is_used(
    later: Later, walk: Walk, student: Account, helpdesk: Account
) -> None:
    signed_in(walk, student, helpdesk)
    for minutes in range(10, 60, 10):
        later(minutes=minutes)
        assert is_signed_in(walk.browser)
    later(minutes=59, seconds=59)
    assert is_signed_in(walk.browser)
    later(hours=1)
    response = walk.get("/security-info/")
    assert response.redirect_chain == [("/sign-in/?next=/security-info/", 302)]
    assert ENDED in response.content.decode()
    assert not Session.objects.filter(account=student).exists()


def test_a_longer_pass_makes_no_session_longer_than_unused_ones_are(
    later: Later, walk: Walk, student: Account, helpdesk: Account
) -> None:
    signed_in(walk, student, helpdesk, timedelta(hours=8))
    later(hours=1)
    assert not is_signed_in(walk.browser)


def test_the_stay_question_is_not_put_and_an_answer_to_it_changes_nothing(
    later: Later, walk: Walk, student: Account, helpdesk: Account
) -> None:
    signed_in(walk, student, helpdesk)
    assert remember_me.open_question(walk.browser.session) is None
    session = walk.browser.session
    session["stay_question"] = {"next": "", "name": "stu123@alumni.ku.dk"}
    session.save()
    walk.stay("yes")
    assert walk.browser.cookies["session"]["max-age"] == ""
    assert not Session.objects.get(account=student).is_remembered
    later(hours=1)
    assert not is_signed_in(walk.browser)


def test_the_session_ends_with_the_pass_also_once_a_new_method_was_enrolled_in_it(
    later: Later, walk: Walk, student: Account, helpdesk: Account
) -> None:
    signed_in(walk, student, helpdesk)
    walk.number()
    walk.enroll_code()
    walk.done()
    later(minutes=59, seconds=59)
    assert is_signed_in(walk.browser)
    later(hours=1)
    assert not is_signed_in(walk.browser)


def test_who_confirms_a_change_with_a_pass_goes_on_with_it_and_is_signed_out_with_the_pass(
    later: Later, walk: Walk, phone: SmsDevice, helpdesk: Account
) -> None:
    in_english(walk).to_code(phone)
    walk.code()
    walk.stay("yes")
    later(days=2)
    SmsDevice.objects.update(disabled_at=START)
    code = give(phone.user, helpdesk)
    assert walk.get("/security-info/add/").redirect_chain[-1][0] == "/sign-in/verify/"
    assert enter(walk, code)["Location"] == "/security-info/add/"
    assert walk.browser.get("/security-info/add/").status_code == 200
    assert int(walk.browser.cookies["session"]["max-age"]) == 3600
    later(days=2, minutes=59, seconds=59)
    assert is_signed_in(walk.browser)
    later(days=2, hours=1)
    assert not is_signed_in(walk.browser)


def test_a_new_pass_ends_the_session_of_the_earlier_one(
    later: Later, walk: Walk, student: Account, helpdesk: Account
) -> None:
    signed_in(walk, student, helpdesk)
    assert is_signed_in(walk.browser)
    give(student, helpdesk)
    assert not is_signed_in(walk.browser)


def test_the_session_goes_on_when_a_pass_that_works_once_is_used_up(
    later: Later, walk: Walk, student: Account, helpdesk: Account
) -> None:
    code = give(student, helpdesk)
    walk.to_password(student)
    enter(walk, code)
    assert not AccessPass.objects.get().is_alive
    later(minutes=30)
    assert is_signed_in(walk.browser)
