"""The campaign page: progress, accounts that have not enrolled, and the actions of administrators."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone, translation
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.models import SecurityEvent
from campaigns import missing, progress
from campaigns.models import EnrollmentCampaign, Postponement, Reminder
from campaigns.tests.campaigns import campaign, words
from helpdesk.tests.people import agent_of, browser_of
from mfa_totp.tests.helpers import app_of
from tests.fixtures import Browser, MakeAccount, Outbox, confirmed_phone
from tests.helpers import picture
from tests.interface import in_en

EVERY_ROLE = ("Helpdesk", "Helpdesk lead", "Auditor", "Administrator", "")


@pytest.fixture
def browser(db: None, sms_outbox: Outbox) -> Browser:
    """An administrator's browser, in English."""
    return browser_of(agent_of("Administrator", "adm111"), sms_outbox)


def address(made: EnrollmentCampaign, rest: str) -> str:
    return f"/admin/campaigns/enrollmentcampaign/{made.pk}/{rest}"


def press(browser: Browser, made: EnrollmentCampaign, button: str) -> str:
    """Press a button on the page of the campaign. A reminder is confirmed at once."""
    return words(browser.post(address(made, "do/"), {"do": button, "confirmed": "yes"}, follow=True))


def test_who_is_enrolled_by_affiliation(make_account: MakeAccount) -> None:
    for number in range(3):
        account = make_account(f"emp{number}11", is_employee=True)
        if number:
            app_of(account)
    app_of(make_account("bot111", is_employee=True, is_student=True))
    make_account("gon111", is_employee=True, is_active=False)
    confirmed_phone(make_account("stu111", is_student=True))
    found = progress.campaign_progress(campaign(audience="employees"))
    assert (found.total.enrolled, found.total.total, found.total.percent) == (3, 4, 75)
    assert [(share.enrolled, share.total) for share in found.shares] == [(2, 3), (1, 1)]


def test_the_page_says_how_far_it_has_come(browser: Browser, make_account: MakeAccount) -> None:
    students = [make_account(f"stu{number}11", is_student=True) for number in range(3)]
    confirmed_phone(students[0])
    made = campaign(remind_days="14, 7")
    Postponement.objects.create(campaign=made, account=students[1])
    page = words(browser.get(address(made, "change/")))
    assert "1 of 3 are enrolled (33%)" in page
    assert "1 person has chosen “Not now”" in page
    assert in_en("Not sent: the day has passed") in page
    assert "Planned" in page


def test_nobody_of_nobody_is_no_fault(browser: Browser) -> None:
    assert "0 of 0 are enrolled (0%)" in words(browser.get(address(campaign(), "change/")))


@pytest.mark.parametrize(
    ("finished", "paused", "standing"),
    [(True, False, "Finished"), (False, True, "Paused"), (False, False, "Sending: 7 of 9")],
)
def test_what_became_of_the_mails_of_a_reminder(
    make_account: MakeAccount, finished: bool, paused: bool, standing: str
) -> None:
    now = timezone.now()
    made = campaign(paused_at=now if paused else None)
    reminder = Reminder.objects.create(campaign=made, days_before=9, finished_at=now if finished else None)
    longest = now - timedelta(minutes=5)
    mails = ["sent", "sent", "failed", "enrolled", "enrolled", "enrolled", "", "claimed"]
    for number, state in enumerate(mails):
        reminder.mails.create(account=make_account(f"abc{number}11", is_student=True), state=state, state_at=now)
    reminder.mails.create(account=make_account("abc911", is_student=True), state="claimed", state_at=longest)
    with translation.override("en"):
        (row,) = progress.campaign_progress(made).reminders
    assert (row.sent, row.failed, row.enrolled, row.unknown) == (2, 1, 3, 1)
    assert row.standing == standing


def test_a_reminder_now_is_mailed_with_its_event(browser: Browser, student: Account) -> None:
    made = campaign()
    assert "Done." in press(browser, made, "remind")
    assert [message.to for message in mail.outbox] == [[student.email]]
    reminder = Reminder.objects.get()
    assert (reminder.days_before, str(reminder.asked_by)) == (None, "adm111")
    event = SecurityEvent.objects.get(kind="reminder_requested")
    assert (str(event.actor), event.reason, event.detail) == ("adm111", made.name, "asked")


def test_a_second_press_within_the_hour_mails_nothing(
    browser: Browser, student: Account, time_machine: TimeMachineFixture
) -> None:
    made = campaign()
    press(browser, made, "remind")
    assert "A reminder began less than an hour ago." in press(browser, made, "remind")
    assert len(mail.outbox) == 1
    Reminder.objects.update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    press(browser, made, "remind")
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("days", [(-9, -1), (1, 9)], ids=["over", "to come"])
def test_a_campaign_that_is_not_open_reminds_nobody(browser: Browser, student: Account, days: tuple[int, int]) -> None:
    opens, ends = (timezone.now() + timedelta(days=number) for number in days)
    made = campaign(opens_at=opens, deadline=ends)
    assert in_en("Send a reminder now") not in words(browser.get(address(made, "change/")))
    assert "The campaign is not open" in press(browser, made, "remind")
    assert mail.outbox == []


def test_pause_and_resume_each_with_an_event(browser: Browser, student: Account) -> None:
    made = campaign()
    reminder = Reminder.objects.create(campaign=made, days_before=8)
    assert "no reminders are sent" in press(browser, made, "pause")
    assert "paused already" in press(browser, made, "pause")
    assert "Resume it first" in press(browser, made, "remind")
    assert mail.outbox == []
    press(browser, made, "resume")
    assert in_en("The campaign is not paused.") in press(browser, made, "resume")
    assert len(mail.outbox) == 1
    reminder.refresh_from_db()
    assert reminder.finished_at is not None
    details = SecurityEvent.objects.filter(kind="campaign_changed").order_by("pk").values_list("detail", flat=True)
    assert list(details) == ["paused", "resumed"]


@pytest.mark.parametrize("role", EVERY_ROLE)
@pytest.mark.parametrize("button", ["remind", "pause", "resume"])
def test_the_buttons_are_for_administrators(sms_outbox: Outbox, student: Account, role: str, button: str) -> None:
    made = campaign()
    browser = browser_of(agent_of(role, "agt111"), sms_outbox)
    before = picture()
    response = browser.post(address(made, "do/"), {"do": button, "confirmed": "yes"})
    assert response.status_code == (302 if role == "Administrator" else 403)
    assert (picture() == before) == (role != "Administrator" or button == "resume")


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_all_staff_roles_see_who_is_missing_and_some_export_it(sms_outbox: Outbox, student: Account, role: str) -> None:
    made = campaign()
    browser = browser_of(agent_of(role, "agt111"), sms_outbox)
    exports = role in ("Helpdesk lead", "Auditor", "Administrator")
    shown = browser.get(address(made, "missing/"))
    assert shown.status_code == (200 if role else 403)
    assert (in_en("Download as CSV") in words(shown)) == exports
    before = picture()
    assert browser.get(address(made, "missing/csv/")).status_code == (302 if exports else 403)
    assert picture() == before
    assert browser.post(address(made, "missing/csv/")).status_code == (200 if exports else 403)
    assert SecurityEvent.objects.filter(kind="list_exported").count() == exports


def test_who_is_missing_page_by_page(
    browser: Browser, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    students = [make_account(f"stu{number}11", is_student=True) for number in range(5)]
    confirmed_phone(students[2])
    made = campaign()
    Postponement.objects.create(campaign=made, account=students[1], times=2)
    monkeypatch.setattr(missing.missing_accounts, "__defaults__", (2,))
    first = browser.get(address(made, "missing/"))
    assert "4 accounts are not enrolled." in words(first)
    assert [(row.username, row.times) for row in first.context["page"].rows] == [("stu011", 0), ("stu111", 2)]
    second = browser.get(address(made, f"missing/?after={first.context['page'].after}"))
    assert [row.username for row in second.context["page"].rows] == ["stu311", "stu411"]
    assert second.context["page"].after is None
    assert browser.get(address(made, "missing/?after=evil")).status_code == 200


def test_the_file_has_everybody_and_no_formula(
    browser: Browser, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missing, "_AT_ONCE", 1)
    make_account("abc111", is_student=True, first_name="=HYPERLINK(1)", last_name="Ø", email="")
    make_account("abc222", is_student=True)
    response: Any = browser.post(address(campaign(), "missing/csv/"))
    content = b"".join(response.streaming_content).decode()
    assert content == (
        '\ufeff"Account";"Name";"Has an email address";"Times postponed"\r\n'
        '"abc111@alumni.ku.dk";"\'=HYPERLINK(1) Ø";"No";"0"\r\n'
        '"abc222@alumni.ku.dk";"Freja Lund";"Yes";"0"\r\n'
    )
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_a_reminder_asks_first_with_the_number_of_people(browser: Browser, make_account: MakeAccount) -> None:
    for number in range(3):
        make_account(f"stu{number}11", is_student=True)
    make_account("stu911", is_student=True, email="")
    made = campaign()
    mail.outbox.clear()
    page = words(browser.post(address(made, "do/"), {"do": "remind"}))
    with translation.override("en"):
        assert translation.ngettext("Send %(count)s email", "Send %(count)s emails", 3) % {"count": 3} in page
    assert not Reminder.objects.exists()
    assert mail.outbox == []
