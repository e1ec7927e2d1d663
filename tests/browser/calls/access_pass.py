"""The way back in after a reset: the agent reads out an access pass, and the student enters it."""

from playwright.sync_api import expect

from tests.browser.calls.desk import Desk
from tests.browser.guide import Guide
from tests.browser.people import Student
from tests.browser.visitor import Visitor
from tests.interface import in_da


def gives_a_pass(desk: Desk, student: Student) -> str:
    """Reset the account and return the access pass that comes with it."""
    desk.find(student.username)
    desk.reads(student.masked)
    desk.does(in_da("Lost phone: reset everything and give an access pass"))
    once = "Only you can see it, and only for a few minutes. If you reload the page, nothing new is made."
    desk.reads(in_da(once))
    desk.looks()
    given = desk.visitor.page.locator(".helpdesk-secret").inner_text()
    desk.press(in_da("I have read it out"))
    expect(desk.content).not_to_contain_text(given)
    assert given not in desk.visitor.page.content()
    return given


def enters_pass(visitor: Visitor, steps: Guide, given: str) -> None:
    """Sign in with the password and the access pass. The page either asks for the pass or offers it as a choice."""
    steps.begin()
    steps.account_name(remembered=bool(visitor.page.get_by_label(in_da("UCPH username")).input_value()))
    steps.password()
    choice = visitor.page.get_by_role("button", name=in_da("Use an access pass"), exact=True)
    field = visitor.page.get_by_label(in_da("Access pass"))
    expect(choice.or_(field).first).to_be_visible()
    if choice.count():
        choice.click()
    visitor.sees(in_da("Enter your access pass"))
    field.fill(given)
    visitor.press(in_da("Confirm"))
