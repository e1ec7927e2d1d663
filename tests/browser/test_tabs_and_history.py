"""Two tabs, the back button and a double click: no dead end, and one message for each request."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.guide import Guide
from tests.browser.people import PASSWORD, Student
from tests.browser.visitor import Visitor


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
    visitor.sees("Vil du forblive logget ind på denne enhed?")
    assert steps.phone.asked_for == 1
    assert len(steps.phone.received) == 1


def test_a_second_click_at_enrollment_sends_one_message(visitor: Visitor, guide: MakeGuide, student: Student) -> None:
    steps = guide(student)
    steps.to_number()
    visitor.page.get_by_label("Telefonnummer").fill(student.number)
    twice(visitor.page, "Næste")
    steps.enrollment_code()
    visitor.sees("Telefonen er nu registreret")
    assert steps.phone.asked_for == 1


def test_a_second_click_after_the_password_is_no_dead_end(
    visitor: Visitor, guide: MakeGuide, enrolled: Student
) -> None:
    steps = guide(enrolled)
    steps.begin()
    steps.account_name()
    visitor.page.get_by_label("Adgangskode", exact=True).fill(PASSWORD)
    twice(visitor.page, "Næste")
    expect(visitor.page.get_by_role("heading", level=1)).not_to_have_text("Indtast din adgangskode")
    visitor.look()
    leads_on(visitor.page)


def test_a_second_click_after_the_code_is_no_dead_end(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    steps.choose()
    visitor.page.get_by_label("Kode fra sms").fill(steps.phone.code())
    twice(visitor.page, "Bekræft")
    expect(visitor.page.get_by_role("heading", level=1)).not_to_have_text("Indtast koden")
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
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Vil du forblive logget ind på denne enhed?")
    twice(visitor.page, "Ja")
    expect(visitor.page).not_to_have_url(re.compile("/stay/$"))
    visitor.look()


def test_a_reload_of_the_code_page_sends_nothing(visitor: Visitor, guide: MakeGuide, student: Student) -> None:
    steps = guide(student)
    steps.to_number()
    steps.number()
    visitor.sees("Indtast koden")
    visitor.page.reload()
    visitor.page.reload()
    visitor.sees("Indtast koden")
    assert steps.phone.asked_for == 1


def test_back_from_every_page_of_enrollment_leads_on(visitor: Visitor, guide: MakeGuide, student: Student) -> None:
    steps = guide(student)
    steps.to_number()
    steps.number()
    steps.enrollment_code()
    steps.registered()
    visitor.sees("Bekræft, at det er dig")
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
    steps.stay("Nej")
    visitor.sees("Dine loginmetoder")
    visitor.page.go_back()
    visitor.page.go_back()
    visitor.sees("Du er allerede logget ind")
    visitor.page.get_by_role("link", name="Fortsæt").click()
    visitor.sees("Dine loginmetoder")


def test_who_goes_back_and_asks_again_has_one_message(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    steps.choose()
    visitor.sees("Indtast koden")
    visitor.page.go_back()
    steps.choose()
    expect(visitor.page.locator(".notice")).to_contain_text("Vi har allerede sendt koden.")
    visitor.look()
    assert steps.phone.asked_for == 1
    steps.sign_in_code()
    visitor.sees("Vil du forblive logget ind på denne enhed?")


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
    visitor.sees("Indtast koden", second.page)
    assert first.phone.asked_for == 1
    second.sign_in_code()
    visitor.sees("Vil du forblive logget ind på denne enhed?", second.page)
    first.page.get_by_label("Kode fra sms").fill(first.phone.code())
    visitor.press("Bekræft")
    expect(first.page.get_by_role("heading", level=1)).not_to_have_text("Indtast koden")
    visitor.look()
    visitor.page.locator("main a.button").click()
    visitor.sees("Dine loginmetoder")


def test_a_password_entered_in_two_tabs_is_no_dead_end(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    first = guide(enrolled)
    first.begin()
    first.account_name()
    second = in_another_tab(first, visitor)
    second.page.goto("/sign-in/password/")
    first.password()
    visitor.sees("Bekræft, at det er dig")
    second.password()
    visitor.sees("Bekræft, at det er dig", second.page)
    first.choose()
    visitor.look()
    leads_on(visitor.page)
