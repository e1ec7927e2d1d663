"""„Jeg har mistet min mobil“: from the agent's identity check to the first code on the new phone."""

import re

from playwright.sync_api import expect

from tests.browser.calls.desk import Desk
from tests.browser.conftest import MakeGuide, MakeMailbox, MakeVisitor
from tests.browser.guide import Guide
from tests.browser.people import People, Student
from tests.browser.visitor import Visitor


def gives_a_pass(desk: Desk, student: Student) -> str:
    """Reset the account and return the access pass that comes with it."""
    desk.find(f"Alma {student.number[-4:]}")
    desk.reads(student.masked)
    desk.does("Nulstil alle loginmetoder")
    desk.reads("Det vises kun nu.")
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
    choice = visitor.page.get_by_role("button", name="Brug et midlertidigt adgangskort", exact=True)
    field = visitor.page.get_by_label("Midlertidigt adgangskort")
    expect(choice.or_(field).first).to_be_visible()
    if choice.count():
        choice.click()
    visitor.sees("Indtast dit midlertidige adgangskort")
    field.fill(given)
    visitor.press("Bekræft")


def test_from_the_pass_to_the_new_phone_and_neither_pass_nor_old_phone_works_any_more(
    desk: Desk, visit: MakeVisitor, guide: MakeGuide, mailbox: MakeMailbox, enrolled: Student, people: People
) -> None:
    given = gives_a_pass(desk, enrolled)
    renewed = Student(enrolled.username, people.student().number, True)
    home = visit()
    steps = guide(renewed, home)
    enters_pass(home, steps, given)
    steps.another_method()
    steps.number()
    steps.enrollment_code()
    steps.registered()
    mails = mailbox(enrolled)
    assert "It-support har" in mails.text("It-support har ændret noget ved dit login")
    assert renewed.masked in mails.text("Der er tilføjet en loginmetode til din KU-konto")

    elsewhere = visit()
    again = guide(renewed, elsewhere)
    again.to_choice()
    expect(elsewhere.page.get_by_role("main")).not_to_contain_text(enrolled.masked)
    again.choose()
    again.sign_in_code()
    again.stay("Nej")
    again.is_on("Dine loginmetoder")
    expect(elsewhere.page.get_by_role("main")).not_to_contain_text(enrolled.masked)

    thief = visit()
    guide(renewed, thief).to_choice()
    thief.sees("Bekræft, at det er dig")
    expect(thief.page.get_by_role("main")).not_to_contain_text("midlertidigt adgangskort")
    thief.open("/sign-in/verify/access-pass/")
    thief.page.get_by_label("Midlertidigt adgangskort").fill(given)
    thief.press("Bekræft")
    expect(thief.page.get_by_role("main")).to_contain_text(re.compile("udløbet eller brugt|er forkert"))
    thief.open("/security-info/")
    thief.sees("Log ind")
    desk.find(f"Alma {renewed.number[-4:]}")
    desk.reads(renewed.masked, "Tilmeldt", "Metode registreret")
    desk.holds_no_secret(renewed, steps.phone)
