"""The values that the campaign form accepts, and its error messages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from campaigns import reminders
from campaigns.forms import CampaignForm
from campaigns.models import EnrollmentCampaign
from campaigns.tests.campaigns import campaign, words
from common.client_info import ClientInfo
from helpdesk.tests.people import agent_of, browser_of
from tests.fixtures import Browser, MakeAccount, Outbox
from tests.helpers import picture
from tests.interface import in_en

ADD = "/admin/campaigns/enrollmentcampaign/add/"
ENTERED = {
    "name": "Employees, spring",
    "audience": "employees",
    "opens_at_0": "2027-01-10",
    "opens_at_1": "08:00",
    "deadline_0": "2027-03-05",
    "deadline_1": "15:00",
    "postpone_days": "7",
    "postpone_times": "3",
    "text_da": "Alle ansatte skal have to-faktor-login.",
    "text_en": "All employees must have two-factor login.",
    "remind_days": "1, 14,7",
}


@pytest.fixture
def administrator(db: None) -> Account:
    """An administrator, who may change campaigns."""
    return agent_of("Administrator", "adm111")


@pytest.fixture
def browser(administrator: Account, sms_outbox: Outbox) -> Browser:
    """The administrator's browser, in English."""
    return browser_of(administrator, sms_outbox)


def entered(*lines: str, **fields: Any) -> dict[str, Any]:
    """Return the form data, with a file if there are lines."""
    data: dict[str, Any] = {**ENTERED, **fields}
    if lines:
        data |= {"usernames": SimpleUploadedFile("list.csv", "\n".join(lines).encode())}
    return data


def refused(browser: Browser, path: str, data: dict[str, Any], says: str) -> str:
    """Post invalid data. Check the error message and that nothing was stored. Return the page."""
    before = picture()
    response = browser.post(path, data)
    assert response.status_code == 200
    page = words(response)
    assert says in page
    assert picture() == before
    return page


def test_a_campaign_is_saved_with_its_event(browser: Browser, administrator: Account) -> None:
    assert browser.post(ADD, entered()).status_code == 302
    made = EnrollmentCampaign.objects.get()
    assert (made.opens_at, made.deadline) == (
        datetime(2027, 1, 10, 7, tzinfo=UTC),
        datetime(2027, 3, 5, 14, tzinfo=UTC),
    )
    assert made.remind_days == "14, 7, 1"
    event = SecurityEvent.objects.get(kind="campaign_changed")
    assert (event.actor, event.reason) == (administrator, "Employees, spring")
    assert event.detail == (
        "audience=employees opens=2027-01-10T08:00+0100 deadline=2027-03-05T15:00+0100 days=7 times=3 remind=14,7,1"
    )


def test_the_times_are_those_of_denmark(browser: Browser) -> None:
    made = campaign(deadline=datetime(2027, 7, 5, 13, 30, tzinfo=UTC))
    assert 'value="15:30:00"' in words(browser.get(f"/admin/campaigns/enrollmentcampaign/{made.pk}/change/"))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"deadline_0": "2027-01-10", "deadline_1": "08:00"}, in_en("The deadline must come after the opening.")),
        ({"postpone_days": "15"}, "14"),
        ({"postpone_days": "-1"}, "0"),
        ({"postpone_times": "0"}, "1"),
        ({"remind_days": "7, 7"}, in_en("The same day is listed twice.")),
        ({"remind_days": "366"}, "Enter whole numbers from 0 to 365"),
        ({"remind_days": "-1"}, "Enter whole numbers from 0 to 365"),
        ({"remind_days": "a week"}, "Enter whole numbers from 0 to 365"),
        ({"remind_days": "11,10,9,8,7,6,5,4,3,2,1"}, in_en("There can be at most 10 reminders.")),
        ({"remind_days": "0", "deadline_1": "09:00"}, "would come after the deadline"),
        ({"audience": "listed"}, in_en("Choose the file with the usernames.")),
        ({"text_en": ""}, "This field is required."),
    ],
)
def test_what_does_not_fit_is_refused(browser: Browser, fields: dict[str, str], says: str) -> None:
    refused(browser, ADD, entered(**fields), says)


def test_a_list_of_usernames_and_account_names(browser: Browser, make_account: MakeAccount) -> None:
    accounts = [make_account(f"abc{number}", is_student=True) for number in (123, 456, 789)]
    lines = ["\ufeffUsername;name", "abc123;Freja", "", "ABC456@alumni.ku.dk", ' "abc789" ', "abc123"]
    assert browser.post(ADD, entered(*lines, audience="listed")).status_code == 302
    made = EnrollmentCampaign.objects.get()
    assert sorted(row.account.username for row in made.members.all()) == [account.username for account in accounts]
    assert SecurityEvent.objects.get(kind="campaign_changed").detail.endswith(" listed=3")
    page = words(browser.get(f"/admin/campaigns/enrollmentcampaign/{made.pk}/change/"))
    assert "The list has 3 accounts." in page


def test_every_bad_line_is_named_and_nothing_is_stored(browser: Browser, student: Account) -> None:
    lines = ["stu123", "nobody1", "stu123@ku.dk", "010190-1234"]
    page = refused(browser, ADD, entered(*lines, audience="listed"), "Line 2: there is no account “nobody1”.")
    assert "Line 3: there is no account “stu123@ku.dk”." in page
    assert "Line 4 looks like a CPR number." in page
    assert "010190" not in page


def test_the_faults_of_a_list_are_said_in_danish(browser: Browser, student: Account) -> None:
    browser.cookies["language"] = "da"
    page = words(browser.post(ADD, entered("nobody1", audience="listed")))
    assert "Linje 1: Der er ingen konto ”nobody1”." in page


def test_what_is_no_text_is_refused(browser: Browser, student: Account) -> None:
    data = entered(audience="listed")
    data["usernames"] = SimpleUploadedFile("list.csv", b"stu123\nf\xe6lde\n")
    refused(browser, ADD, data, "Line 2 is not UTF-8.")


def test_a_list_that_excel_saved_as_unicode_text_is_refused_with_words(browser: Browser, student: Account) -> None:
    data = entered(audience="listed")
    data["usernames"] = SimpleUploadedFile("list.txt", "stu123\nstu456\n".encode("utf-16"))
    refused(browser, ADD, data, "Line 2 is not UTF-8.")


def test_many_bad_lines_are_not_all_shown(browser: Browser, settings: Settings) -> None:
    settings.CAMPAIGN_LIST_ERRORS = 2
    page = refused(browser, ADD, entered("a1", "b1", "c1", "d1", audience="listed"), "2 more lines have errors.")
    assert "Line 2:" in page
    assert "Line 3:" not in page


def test_a_file_that_is_too_large_is_refused(browser: Browser, settings: Settings, student: Account) -> None:
    settings.CAMPAIGN_LIST_BYTES = 13
    refused(browser, ADD, entered("stu123", "stu123 ", audience="listed"), "The file is larger than")


def test_a_file_that_is_larger_than_any_is_refused_and_the_list_stays(
    browser: Browser, settings: Settings, student: Account
) -> None:
    settings.IMPORT_FILE_MAX = 13
    refused(browser, ADD, entered("stu123", "stu123 ", audience="listed"), "The file is larger than")


def test_a_file_without_a_username_is_refused(browser: Browser) -> None:
    refused(browser, ADD, entered("username", "", audience="listed"), in_en("There is no username in the file."))


def test_a_list_is_for_its_audience_alone(browser: Browser, student: Account) -> None:
    refused(browser, ADD, entered("stu123"), "A list is only for the audience")


def test_a_new_list_takes_the_place_of_the_old_one_and_none_leaves_it(
    browser: Browser, student: Account, employee: Account
) -> None:
    browser.post(ADD, entered("stu123", audience="listed"))
    made = EnrollmentCampaign.objects.get()
    path = f"/admin/campaigns/enrollmentcampaign/{made.pk}/change/"
    browser.post(path, entered(audience="listed"))
    assert made.members.get().account == student
    browser.post(path, entered("emp789", audience="listed"))
    assert made.members.get().account == employee
    browser.post(path, entered(audience="students"))
    assert not made.members.exists()
    assert SecurityEvent.objects.filter(kind="campaign_changed").count() == 4


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_fresh_second_factor_there_is_no_form(browser: Browser, method: str) -> None:
    made = campaign()
    session = browser.session
    session["proven"] = {**session["proven"], "at": session["proven"]["at"] - 1300}
    session.save()
    before = picture()
    for path in (ADD, f"/admin/campaigns/enrollmentcampaign/{made.pk}/change/"):
        response = getattr(browser, method)(path, entered() if method == "post" else {})
        assert (response.status_code, response["Location"]) == (302, "/sign-in/verify/")
    response = browser.post(f"/admin/campaigns/enrollmentcampaign/{made.pk}/do/", {"do": "pause"})
    assert (response.status_code, response["Location"]) == (302, "/sign-in/verify/")
    assert picture() == before


@pytest.mark.parametrize("role", ["Helpdesk", "Helpdesk lead", "Auditor"])
def test_others_read_it_and_see_how_long_the_list_is(sms_outbox: Outbox, student: Account, role: str) -> None:
    made = campaign(audience="listed", deadline=timezone.now() + timedelta(days=3))
    made.members.create(account=student)
    page = words(
        browser_of(agent_of(role, "agt111"), sms_outbox).get(f"/admin/campaigns/enrollmentcampaign/{made.pk}/change/")
    )
    assert "0 of 1 are enrolled (0%)" in page
    assert "Accounts of the list" in page
    assert 'type="file"' not in page
    assert in_en("Pause the reminders") not in page


def test_a_pause_in_another_tab_outlives_a_change_that_was_read_before_it(
    browser: Browser, administrator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = campaign()
    clean = CampaignForm.clean

    def pause_meanwhile(form: CampaignForm) -> dict[str, Any]:
        reminders.pause(administrator, made.pk, ClientInfo())
        return clean(form)

    monkeypatch.setattr(CampaignForm, "clean", pause_meanwhile)
    assert browser.post(f"/admin/campaigns/enrollmentcampaign/{made.pk}/change/", entered()).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.paused_at is None) == ("Employees, spring", False)
    last = SecurityEvent.objects.filter(kind="campaign_changed").latest("pk")
    assert last.detail.endswith(" paused")
