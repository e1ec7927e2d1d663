"""„Jeg har mistet min mobil“: from the agent's identity check to the first code on the new phone."""

import re

from playwright.sync_api import expect

from tests.browser.calls.access_pass import enters_pass, gives_a_pass
from tests.browser.calls.desk import Desk
from tests.browser.conftest import MakeGuide, MakeMailbox, MakeVisitor
from tests.browser.people import People, Student
from tests.interface import in_da


def test_from_the_pass_to_the_new_phone_and_neither_pass_nor_old_phone_works_any_more(
    desk: Desk, visit: MakeVisitor, guide: MakeGuide, mailbox: MakeMailbox, enrolled: Student, people: People
) -> None:
    given = gives_a_pass(desk, enrolled)
    renewed = Student(enrolled.username, people.student().number, True)
    home = visit()
    steps = guide(renewed, home)
    enters_pass(home, steps, given)
    steps.another_method(preselected=False)
    steps.number()
    steps.enrollment_code()
    steps.registered()
    mails = mailbox(enrolled)
    assert "It-support har" in mails.text(in_da("IT Support changed your login"))
    assert renewed.masked in mails.text(in_da("A login method was added to your UCPH account"))

    elsewhere = visit()
    again = guide(renewed, elsewhere)
    again.to_choice()
    expect(elsewhere.page.get_by_role("main")).not_to_contain_text(enrolled.masked)
    again.choose()
    again.sign_in_code()
    again.stay(in_da("No"))
    again.is_on(in_da("Your login methods"))
    expect(elsewhere.page.get_by_role("main")).not_to_contain_text(enrolled.masked)

    thief = visit()
    guide(renewed, thief).to_choice()
    thief.sees(in_da("Confirm it's you"))
    expect(thief.page.get_by_role("main")).not_to_contain_text(in_da("access pass"))
    thief.open("/sign-in/verify/access-pass/")
    thief.page.get_by_label(in_da("Access pass")).fill(given)
    thief.press(in_da("Confirm"))
    expect(thief.page.get_by_role("main")).to_contain_text(re.compile("udløbet eller brugt|er forkert"))
    thief.open("/security-info/")
    thief.sees(in_da("Log in"))
    desk.find(renewed.username)
    desk.reads(renewed.masked, in_da("Enrolled"), in_da("Method registered"))
    desk.holds_no_secret(renewed, steps.phone)
