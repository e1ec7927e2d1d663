"""Accounts of a campaign can postpone enrollment within its limits, and postponing does not sign them in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.models import SecurityEvent
from campaigns.models import CampaignMember, EnrollmentCampaign, Postponement
from campaigns.tests.campaigns import NOT_NOW, campaign, words
from mfa_sms.models import SmsDevice
from tests.fixtures import NUMBER, MakeAccount, Walk, confirmed_phone
from tests.helpers import is_signed_in, picture, session_carries_an_account, with_cookies_of
from tests.interface import in_da, in_en

DEADLINE = datetime(2027, 3, 5, 12, tzinfo=UTC)
BUTTON = "Not now – the deadline is 5 March 2027"


@pytest.fixture
def at(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """Frozen time: ten days before the deadline. A test can move it."""
    time_machine.move_to(DEADLINE - timedelta(days=10), tick=False)
    return time_machine


@pytest.fixture
def english(walk: Walk) -> Walk:
    """A user who reads English."""
    walk.browser.cookies["language"] = "en"
    return walk


def page(walk: Walk, account: Account, next_url: str = "") -> str:
    """Sign in until the page that leads to enrollment."""
    walk.name(account, next_url)
    return words(walk.password())


def put_off(walk: Walk, account: Account, next_url: str = "") -> Any:
    page(walk, account, next_url)
    return walk.browser.post(walk.journey + NOT_NOW, follow=True)


def test_a_student_puts_it_off_and_is_not_signed_in(english: Walk, student: Account, at: TimeMachineFixture) -> None:
    made = campaign(deadline=DEADLINE, postpone_days=14)
    shown = page(english, student)
    assert BUTTON in shown
    assert "All students must have two-factor login." in shown
    response = english.browser.post(NOT_NOW)
    assert (response.status_code, response["Location"]) == (302, NOT_NOW)
    told = words(english.get(NOT_NOW))
    assert "You can choose “Not now” until the deadline, 5 March 2027." in told
    assert not session_carries_an_account(english.browser)
    assert not is_signed_in(english.browser)
    assert english.get("/enroll/").redirect_chain[-1][0] == "/sign-in/"
    row = Postponement.objects.get()
    assert (row.campaign, row.account, row.times) == (made, student, 1)
    event = SecurityEvent.objects.get(kind="enrollment_postponed")
    assert (event.account, event.reason, event.detail) == (student, in_da("Students"), "1")


def test_the_page_is_in_danish_for_who_reads_danish(walk: Walk, student: Account, at: TimeMachineFixture) -> None:
    campaign(deadline=DEADLINE)
    shown = page(walk, student)
    assert "Alle studerende skal have to-faktor-login." in shown
    assert "All students" not in shown
    assert "5. marts 2027" in shown


def test_midnight_belongs_to_the_day_before(english: Walk, student: Account, at: TimeMachineFixture) -> None:
    campaign(deadline=datetime(2027, 3, 5, 23, tzinfo=UTC))
    assert BUTTON in page(english, student)


def test_nobody_is_asked_where_there_is_no_campaign(english: Walk, student: Account) -> None:
    assert "Not now –" not in page(english, student)
    before = picture()
    assert english.browser.post(NOT_NOW).status_code == 403
    assert picture() == before


@pytest.mark.parametrize(("seconds", "may"), [(-1, True), (0, False)])
def test_until_the_second_of_the_deadline(
    english: Walk, student: Account, at: TimeMachineFixture, seconds: int, may: bool
) -> None:
    campaign(deadline=DEADLINE)
    at.move_to(DEADLINE + timedelta(seconds=seconds), tick=False)
    assert (BUTTON in page(english, student)) == may
    assert english.browser.post(NOT_NOW).status_code == (302 if may else 403)
    assert Postponement.objects.exists() == may


@pytest.mark.parametrize(("seconds", "may"), [(-1, False), (0, True)])
def test_from_the_second_of_the_opening(
    english: Walk, student: Account, at: TimeMachineFixture, seconds: int, may: bool
) -> None:
    opens = DEADLINE - timedelta(days=5)
    campaign(opens_at=opens, deadline=DEADLINE)
    at.move_to(opens + timedelta(seconds=seconds), tick=False)
    assert (BUTTON in page(english, student)) == may


@pytest.mark.parametrize(("seconds", "may"), [(-1, True), (0, False)])
def test_until_the_days_since_the_first_time_are_over(
    english: Walk, student: Account, at: TimeMachineFixture, seconds: int, may: bool
) -> None:
    campaign(deadline=DEADLINE, postpone_days=2, postpone_times=9)
    first = put_off(english, student)
    assert "You can choose “Not now” until 25 February 2027 at 13:00." in words(first)
    at.shift(timedelta(days=2, seconds=seconds))
    shown = page(english, student)
    assert (BUTTON in shown) == may
    assert (in_en("You can no longer choose “Not now”.") in shown) != may
    assert english.browser.post(NOT_NOW).status_code == (302 if may else 403)
    assert Postponement.objects.get().times == (2 if may else 1)


def test_no_days_is_never(english: Walk, student: Account, at: TimeMachineFixture) -> None:
    campaign(deadline=DEADLINE, postpone_days=0)
    shown = page(english, student)
    assert "All students must" in shown
    assert "Not now –" not in shown
    response = english.browser.post(NOT_NOW)
    assert response.status_code == 403
    assert in_en("You can no longer choose “Not now”") in words(response)
    assert not Postponement.objects.exists()


def test_so_many_times_and_the_last_is_said_to_be_the_last(
    english: Walk, student: Account, at: TimeMachineFixture
) -> None:
    campaign(deadline=DEADLINE, postpone_times=2)
    put_off(english, student)
    at.shift(60)
    last = page(english, student)
    assert BUTTON in last
    assert in_en("This is the last time you can choose “Not now”.") in last
    assert in_en("You cannot choose “Not now” again.") in words(english.browser.post(NOT_NOW, follow=True))
    at.shift(60)
    assert "Not now –" not in page(english, student)
    assert english.browser.post(NOT_NOW).status_code == 403
    assert Postponement.objects.get().times == 2
    assert SecurityEvent.objects.filter(kind="enrollment_postponed").count() == 2


def test_a_refused_one_can_still_enroll_at_once(english: Walk, student: Account, at: TimeMachineFixture) -> None:
    campaign(deadline=DEADLINE, postpone_days=0)
    page(english, student)
    english.browser.post(NOT_NOW)
    assert english.get("/enroll/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "fields", "may"),
    [
        ("students", {"is_student": True}, True),
        ("students", {"is_student": True, "is_employee": True}, False),
        ("students", {"is_student": True, "is_staff": True}, False),
        ("employees", {"is_employee": True}, True),
        ("employees", {"is_student": True, "is_employee": True}, True),
        ("employees", {"is_student": True, "is_staff": True}, True),
        ("employees", {"is_student": True}, False),
        ("listed", {"is_student": True}, False),
    ],
)
def test_whom_it_is_about(
    english: Walk, make_account: MakeAccount, at: TimeMachineFixture, kind: str, fields: dict[str, bool], may: bool
) -> None:
    campaign(audience=kind, deadline=DEADLINE)
    assert (BUTTON in page(english, make_account("abc123", **fields))) == may


def test_who_stands_on_the_list(english: Walk, student: Account, at: TimeMachineFixture) -> None:
    made = campaign(audience="listed", deadline=DEADLINE)
    CampaignMember.objects.create(campaign=made, account=student)
    assert BUTTON in page(english, student)


def test_of_several_campaigns_the_first_deadline_decides(
    english: Walk, student: Account, at: TimeMachineFixture
) -> None:
    campaign(name="Later", deadline=DEADLINE + timedelta(days=30), postpone_days=14)
    strict = campaign(name="Strict", deadline=DEADLINE, postpone_times=1)
    put_off(english, student)
    assert Postponement.objects.get().campaign == strict
    at.shift(60)
    assert "Not now –" not in page(english, student)


def test_who_has_a_method_is_not_asked(english: Walk, student: Account) -> None:
    campaign()
    english.to_password(student)
    confirmed_phone(student)
    assert english.browser.post(NOT_NOW).status_code == 409
    assert not Postponement.objects.exists()


def test_who_was_deactivated_meanwhile_starts_again(english: Walk, student: Account) -> None:
    campaign()
    page(english, student)
    Account.objects.update(is_active=False)
    assert english.browser.post(NOT_NOW).status_code == 409
    assert not Postponement.objects.exists()


def test_a_second_click_counts_nothing_and_shows_the_same(english: Walk, student: Account) -> None:
    campaign()
    put_off(english, student)
    again = english.browser.post(NOT_NOW, follow=True)
    assert in_en("You chose “Not now”") in words(again)
    assert Postponement.objects.get().times == 1


def test_another_tab_that_comes_at_the_same_moment_counts_nothing(english: Walk, student: Account) -> None:
    """The second request reads its session before the first request ends the flow."""
    campaign()
    page(english, student)
    session = dict(english.browser.session)
    english.browser.post(NOT_NOW)
    revived = english.browser.session
    revived["pending_sign_in"] = session["pending_sign_in"]
    revived.save()
    assert in_en("You chose “Not now”") in words(english.browser.post(NOT_NOW, follow=True))
    assert Postponement.objects.get().times == 1
    assert SecurityEvent.objects.filter(kind="enrollment_postponed").count() == 1


def test_a_flow_that_is_too_old_starts_again(english: Walk, student: Account, at: TimeMachineFixture) -> None:
    campaign(deadline=DEADLINE)
    page(english, student)
    at.shift(timedelta(minutes=31))
    response = english.browser.post(NOT_NOW)
    assert response.status_code == 409
    assert in_en("Start again") in words(response)
    assert not Postponement.objects.exists()


def test_without_a_flow_there_is_nothing_to_see(english: Walk, db: None) -> None:
    assert english.get(NOT_NOW).redirect_chain == [("/sign-in/", 302)]
    assert english.browser.post(NOT_NOW).status_code == 409


def test_the_ended_flow_cannot_be_taken_up_by_who_copied_the_cookie(english: Walk, student: Account) -> None:
    campaign()
    put_off(english, student)
    thief = with_cookies_of(english.browser)
    assert thief.get("/enroll/")["Location"] == "/sign-in/"


def test_a_step_up_or_an_added_method_is_not_put_off(walk: Walk, student: Account) -> None:
    campaign()
    walk.signed_in(confirmed_phone(student))
    walk.browser.post("/security-info/add/")
    before = Postponement.objects.count()
    assert walk.browser.post(NOT_NOW).status_code == 409
    assert Postponement.objects.count() == before


def test_who_has_enrolled_since_is_told_that_they_are_logged_in(walk: Walk, student: Account) -> None:
    campaign()
    put_off(walk, student)
    walk.signed_in(confirmed_phone(student))
    for response in (walk.get(NOT_NOW), walk.browser.post(NOT_NOW)):
        assert response.status_code == 409
        assert in_da("You are already logged in") in words(response)


def test_what_an_agent_has_prepared_is_not_put_off(english: Walk, student: Account) -> None:
    campaign()
    page(english, student)
    SmsDevice.objects.create(user=student, number=NUMBER, confirmed=False, by_agent=True)
    assert english.browser.post(NOT_NOW).status_code == 403
    assert not Postponement.objects.exists()
    assert "Not now –" not in words(english.get("/enroll/"))


def test_the_way_back_to_another_service(english: Walk, student: Account, settings: Settings) -> None:
    settings.SIGN_IN_NEXT_HOSTS = ["mail.ku.example"]
    campaign()
    shown = words(put_off(english, student, "https://mail.ku.example/inbox?a=1&b=2"))
    assert '<a href="https://mail.ku.example/inbox?a=1&amp;b=2">Back to mail.ku.example</a>' in shown
    link = shown.partition('class="button" href="')[2].partition('"')[0]
    assert 'name="next"' not in words(english.get(link))
    english.browser.post(link, {"account_name": str(student.account_name)})
    assert "mail.ku.example/inbox" in str(dict(english.browser.session))


@pytest.mark.parametrize("next_url", ["/help/", "https://evil.example/", ""])
def test_there_is_no_way_back_to_this_portal_or_to_strangers(english: Walk, student: Account, next_url: str) -> None:
    campaign()
    assert "Back to" not in words(put_off(english, student, next_url))


def test_a_get_counts_nothing(english: Walk, student: Account) -> None:
    campaign()
    page(english, student)
    before = picture()
    english.get(NOT_NOW)
    assert picture() == before


def test_a_campaign_can_be_read_only_by_its_own(english: Walk, employee: Account) -> None:
    campaign()
    assert "All students must" not in page(english, employee)
    assert EnrollmentCampaign.objects.count() == 1
