"""The sign-in with the keyboard only."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import MakeGuide
from tests.browser.guide import Guide
from tests.browser.people import PASSWORD, Student
from tests.browser.visitor import Visitor
from tests.interface import in_da

_STOPS = 30
# The focused element is visible by an outline of three pixels.
_SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 3;
}"""


def tab_to(target: Locator) -> None:
    """Press Tab until the target has the focus. The focus must be visible at each stop."""
    page = target.page
    page.wait_for_load_state()  # without its stylesheet, the page shows the browser's default focus
    for _ in range(_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement !== document.body"), "the focus left the page on the way"
        assert page.evaluate(_SEEN), page.evaluate("document.activeElement.outerHTML")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{target} is not reached in {_STOPS} stops")


def button(page: Page, name: str) -> Locator:
    """Return the button with this name."""
    return page.get_by_role("button", name=name, exact=True)


def type_into_focus(page: Page, label: str, text: str) -> None:
    """Type into the field, which must already have a visible focus."""
    expect(page.get_by_label(label, exact=True)).to_be_focused()
    page.wait_for_load_state()
    assert page.evaluate(_SEEN)
    page.keyboard.type(text)


def press_confirm(steps: Guide, key: str) -> None:
    """Enter the received code, and press the button with a key."""
    type_into_focus(steps.page, in_da("Code from text message"), steps.phone.code())
    tab_to(button(steps.page, in_da("Confirm")))
    steps.page.keyboard.press(key)


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_student_signs_in(visitor: Visitor, guide: MakeGuide, enrolled: Student, key: str) -> None:
    page = visitor.page
    steps = guide(enrolled)
    steps.begin("/help/")
    type_into_focus(page, in_da("UCPH username"), enrolled.account_name)
    tab_to(button(page, in_da("Next")))
    page.keyboard.press(key)
    type_into_focus(page, in_da("Password"), PASSWORD)
    tab_to(button(page, in_da("Next")))
    page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1)).to_have_text(in_da("Confirm it's you"))
    tab_to(page.get_by_role("button", name="Send sms til"))
    page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1)).to_have_text(in_da("Enter the code"))
    press_confirm(steps, key)
    expect(page.get_by_role("heading", level=1)).to_have_text(in_da("Do you want to stay logged in on this device?"))
    tab_to(button(page, in_da("Yes")))
    page.keyboard.press(key)
    visitor.sees(in_da("Help with login"))


def test_a_phone_is_entered(visitor: Visitor, guide: MakeGuide, student: Student) -> None:
    page = visitor.page
    steps = guide(student)
    steps.to_number()
    expect(page.get_by_role("heading", level=1)).to_have_text(in_da("Enter your mobile number"))
    tab_to(page.get_by_label(in_da("Country code")))
    page.keyboard.type("Sverige")
    expect(page.get_by_label(in_da("Country code"))).to_have_value("SE")
    page.keyboard.press("Home")
    expect(page.get_by_label(in_da("Country code"))).to_have_value("DK")
    tab_to(page.get_by_label(in_da("Phone number")))
    page.keyboard.type(student.number)
    tab_to(button(page, in_da("Next")))
    page.keyboard.press("Space")
    visitor.sees(in_da("Enter the code"))


def test_a_password_is_shown_and_hidden(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    page = visitor.page
    steps = guide(enrolled)
    steps.begin()
    steps.account_name()
    type_into_focus(page, in_da("Password"), PASSWORD)
    tab_to(button(page, in_da("Show password")))
    page.keyboard.press("Space")
    expect(page.get_by_label(in_da("Password"), exact=True)).to_have_attribute("type", "text")
    visitor.look()
    page.keyboard.press("Space")
    expect(page.get_by_label(in_da("Password"), exact=True)).to_have_attribute("type", "password")


def test_help_for_who_got_no_message_is_opened(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    steps.choose()
    again = button(visitor.page, in_da("Send the code again"))
    expect(again).to_be_hidden()
    tab_to(visitor.page.locator("summary"))
    visitor.page.keyboard.press("Enter")
    expect(again).to_be_visible()
    visitor.look()
    tab_to(again)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".notice")).to_contain_text("Vi har allerede sendt koden. Du kan bede om den igen kl.")
    visitor.look()
    assert steps.phone.asked_for == 1
