"""The way back in after a reset: the agent reads out an access pass, and the student enters it."""

from playwright.sync_api import expect

from tests.browser.calls.desk import Desk
from tests.browser.guide import Guide
from tests.browser.people import Student
from tests.browser.visitor import Visitor


def gives_a_pass(desk: Desk, student: Student) -> str:
    """Reset the account and return the access pass that comes with it."""
    desk.find(student.username)
    desk.reads(student.masked)
    desk.does("Nulstil alle loginmetoder")
    desk.reads("Det vises kun denne ene gang.")
    desk.looks()
    given = desk.visitor.page.locator(".helpdesk-secret").inner_text()
    desk.content.get_by_role("link", name="Tilbage til kontoen").click()
    expect(desk.content).not_to_contain_text(given)
    assert given not in desk.visitor.page.content()
    return given


def enters_pass(visitor: Visitor, steps: Guide, given: str) -> None:
    """Sign in with the password and the access pass. The page either asks for the pass or offers it as a choice."""
    steps.begin()
    steps.account_name(remembered=bool(visitor.page.get_by_label("KU-brugernavn").input_value()))
    steps.password()
    choice = visitor.page.get_by_role("button", name="Brug en nødkode", exact=True)
    field = visitor.page.get_by_label("Nødkode")
    expect(choice.or_(field).first).to_be_visible()
    if choice.count():
        choice.click()
    visitor.sees("Indtast din nødkode")
    field.fill(given)
    visitor.press("Bekræft")
