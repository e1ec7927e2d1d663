"""The third number in a day starts a human check: a browser computes for a moment, or a person waits."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.guide import Guide
from tests.browser.people import People, Phone, Student
from tests.interface import in_da


def to_check(steps: Guide, people: People) -> Student:
    """Enter two other numbers, then the student's own. Return the student with the second number."""
    steps.to_number()
    others = [people.student(), people.student()]
    for other in others:
        steps.number(other.number)
        expect(steps.page.get_by_role("main")).to_contain_text(other.written)
        steps.page.get_by_role("link", name=in_da("Correct the number")).click()
    steps.number()
    expect(steps.page.get_by_role("heading", level=1)).to_have_text(in_da("One moment"))
    return others[1]


def test_the_browser_works_and_continue_leads_on(
    visit: MakeVisitor, guide: MakeGuide, people: People, student: Student
) -> None:
    visitor = visit()
    steps = guide(student, visitor)
    to_check(steps, people)
    visitor.look()
    expect(visitor.page.get_by_role("status")).to_have_text(in_da("Done. Press Continue."))
    visitor.look()
    assert steps.phone.asked_for == 0
    visitor.press(in_da("Continue"))
    steps.enrollment_code()
    steps.registered()
    assert steps.phone.asked_for == 1


def test_without_javascript_who_presses_too_early_is_told_when(
    visit: MakeVisitor, guide: MakeGuide, people: People, student: Student
) -> None:
    visitor = visit(javascript=False)
    steps = guide(student, visitor)
    to_check(steps, people)
    visitor.look()
    advice = visitor.page.locator("noscript p")
    expect(advice).to_be_visible()
    assert re.fullmatch(r"Vent til kl\. \d\d\.\d\d, og tryk så på Fortsæt\.", advice.inner_text())
    visitor.press(in_da("Continue"))
    expect(visitor.page.locator(".notice")).to_contain_text(
        re.compile(r"^Vi er ikke færdige endnu\. Tryk på Fortsæt igen kl\. \d\d\.\d\d\.$")
    )
    visitor.look()
    assert steps.phone.asked_for == 0


def test_a_number_that_was_sent_to_today_needs_no_check(
    visit: MakeVisitor, guide: MakeGuide, people: People, student: Student
) -> None:
    visitor = visit()
    steps = guide(student, visitor)
    second = to_check(steps, people)
    visitor.page.get_by_role("link", name=in_da("Correct the number")).click()
    steps.number(second.number)
    visitor.sees(in_da("Enter the code"))
    assert Phone(steps.phone.var, second.e164).asked_for in (1, 2)


def test_after_many_wrong_passwords_the_right_one_is_sent_when_the_browser_has_done_its_work(
    visit: MakeVisitor, guide: MakeGuide, student: Student
) -> None:
    visitor = visit()
    steps = guide(student, visitor)
    steps.begin()
    steps.account_name()
    password = visitor.page.get_by_label(in_da("Password"), exact=True)
    told = visitor.page.locator(".notice")
    for _attempt in range(20):
        password.fill("not the password")
        with visitor.page.expect_response("**/sign-in/password/"):
            visitor.press(in_da("Next"))
        if told.count():
            break
    expect(told).to_have_text("Der er indtastet forkerte adgangskoder mange gange.")
    visitor.look()
    steps.password()
    steps.more_is_needed()
