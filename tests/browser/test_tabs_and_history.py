"""Two tabs, the back button and a double click: no dead end, and one message for each request."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.guide import Guide
from tests.browser.people import PASSWORD, Student
from tests.browser.visitor import Visitor
from tests.interface import in_da


def leads_on(page: Page) -> None:
    """Check that the page offers a next step, as a link or a form button."""
    action = page.locator("main a.button, main form .button").first
    expect(action).to_be_visible()


def twice(page: Page, name: str | re.Pattern[str]) -> None:
    """Double-click a button."""
    page.get_by_role("button", name=name, exact=True).dblclick(no_wait_after=True)


def test_a_second_click_on_send_sends_one_message(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    twice(visitor.page, re.compile("Send sms til"))
    steps.sign_in_code()
    visitor.sees(in_da("Do you want to stay logged in on this device?"))
    assert steps.phone.asked_for == 1
    assert len(steps.phone.received) == 1


def test_a_second_click_at_enrollment_sends_one_message(visitor: Visitor, guide: MakeGuide, student: Student) -> None:
    steps = guide(student)
    steps.to_number()
    visitor.page.get_by_label(in_da("Phone number")).fill(student.number)
    twice(visitor.page, in_da("Next"))
    steps.enrollment_code()
    visitor.sees(in_da("The phone is now registered"))
    assert steps.phone.asked_for == 1


def test_a_second_click_after_the_password_is_no_dead_end(
    visitor: Visitor, guide: MakeGuide, enrolled: Student
) -> None:
    steps = guide(enrolled)
    steps.begin()
    steps.account_name()
    visitor.page.get_by_label(in_da("Password"), exact=True).fill(PASSWORD)
    twice(visitor.page, in_da("Next"))
    expect(visitor.page.get_by_role("heading", level=1)).not_to_have_text(in_da("Enter your password"))
    visitor.look()
    leads_on(visitor.page)


def test_a_second_click_after_the_code_is_no_dead_end(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    steps.choose()
    visitor.page.get_by_label(in_da("Code from text message")).fill(steps.phone.code())
    twice(visitor.page, in_da("Confirm"))
    expect(visitor.page.get_by_role("heading", level=1)).not_to_have_text(in_da("Enter the code"))
    visitor.look()
    leads_on(visitor.page)
    assert steps.phone.asked_for == 1


def test_a_second_click_on_yes_is_no_dead_end(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.begin("/help/")
    steps.account_name()
    steps.password()
    steps.choose()
    steps.sign_in_code()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(
        in_da("Do you want to stay logged in on this device?")
    )
    twice(visitor.page, in_da("Yes"))
    expect(visitor.page).not_to_have_url(re.compile("/stay/$"))
    visitor.look()


def test_a_reload_of_the_code_page_sends_nothing(visitor: Visitor, guide: MakeGuide, student: Student) -> None:
    steps = guide(student)
    steps.to_number()
    steps.number()
    visitor.sees(in_da("Enter the code"))
    visitor.page.reload()
    visitor.page.reload()
    visitor.sees(in_da("Enter the code"))
    assert steps.phone.asked_for == 1


def test_back_from_every_page_of_enrollment_leads_on(visitor: Visitor, guide: MakeGuide, student: Student) -> None:
    steps = guide(student)
    steps.to_number()
    steps.number()
    steps.enrollment_code()
    steps.registered()
    visitor.sees(in_da("Confirm it's you"))
    for _ in range(6):
        visitor.page.go_back()
        visitor.look()
        leads_on(visitor.page)
    assert steps.phone.asked_for == 1


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_back_after_the_sign_in_leads_on(
    visit: MakeVisitor, guide: MakeGuide, enrolled: Student, javascript: bool
) -> None:
    visitor = visit(javascript)
    steps = guide(enrolled, visitor)
    steps.to_choice()
    steps.choose()
    steps.sign_in_code()
    steps.stay(in_da("No"))
    visitor.sees(in_da("Your login methods"))
    visitor.page.go_back()
    visitor.page.go_back()
    visitor.sees(in_da("You are already logged in"))
    visitor.page.get_by_role("link", name=in_da("Continue")).click()
    visitor.sees(in_da("Your login methods"))


def test_who_goes_back_and_asks_again_has_one_message(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    steps.choose()
    visitor.sees(in_da("Enter the code"))
    visitor.page.go_back()
    steps.choose()
    expect(visitor.page.locator(".notice")).to_contain_text("Vi har allerede sendt koden.")
    visitor.look()
    assert steps.phone.asked_for == 1
    steps.sign_in_code()
    visitor.sees(in_da("Do you want to stay logged in on this device?"))


def in_another_tab(steps: Guide, visitor: Visitor) -> Guide:
    """Return a guide for the same student in a second tab of the same browser."""
    return Guide(visitor.context.new_page(), steps.words, steps.person, steps.phone)


def test_two_tabs_ask_for_one_message_and_either_takes_the_code(
    visitor: Visitor, guide: MakeGuide, enrolled: Student
) -> None:
    first = guide(enrolled)
    first.to_choice()
    second = in_another_tab(first, visitor)
    second.page.goto("/sign-in/verify/")
    first.choose()
    second.choose()
    visitor.sees(in_da("Enter the code"), second.page)
    assert first.phone.asked_for == 1
    second.sign_in_code()
    visitor.sees(in_da("Do you want to stay logged in on this device?"), second.page)
    first.page.get_by_label(in_da("Code from text message")).fill(first.phone.code())
    visitor.press(in_da("Confirm"))
    expect(first.page.get_by_role("heading", level=1)).not_to_have_text(in_da("Enter the code"))
    visitor.look()
    visitor.page.locator("main a.button").click()
    visitor.sees(in_da("Your login methods"))


def test_a_password_entered_in_two_tabs_is_no_dead_end(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    first = guide(enrolled)
    first.begin()
    first.account_name()
    second = in_another_tab(first, visitor)
    second.page.goto("/sign-in/password/")
    first.password()
    visitor.sees(in_da("Confirm it's you"))
    second.password()
    visitor.sees(in_da("Confirm it's you"), second.page)
    first.choose()
    visitor.look()
    leads_on(visitor.page)
