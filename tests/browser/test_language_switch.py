"""The language switch keeps the typed text and sends nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.people import PASSWORD, Student
from tests.browser.visitor import Visitor


def test_the_typed_account_name_is_kept(visit: MakeVisitor) -> None:
    for javascript in (True, False):
        visitor = visit(javascript)
        visitor.open("/sign-in/")
        visitor.page.get_by_label("KU-brugernavn").fill("nye001@alu")
        visitor.speak("en")
        expect(visitor.page.get_by_label("UCPH username")).to_have_value("nye001@alu")
        visitor.sees("Log in")
        visitor.speak("da")
        expect(visitor.page.get_by_label("KU-brugernavn")).to_have_value("nye001@alu")


def test_where_to_go_afterwards_is_kept(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    visitor.open("/sign-in/?next=/help/")
    visitor.speak("en")
    steps = guide(enrolled)
    steps.account_name()
    steps.password()
    steps.choose()
    steps.sign_in_code()
    steps.stay("No")
    expect(visitor.page).to_have_url(re.compile(r"/help/$"))


def test_a_typed_password_is_not_kept(visitor: Visitor, guide: MakeGuide, student: Student) -> None:
    steps = guide(student)
    steps.begin()
    steps.account_name()
    visitor.page.get_by_label("Adgangskode", exact=True).fill(PASSWORD)
    visitor.speak("en")
    visitor.sees("Enter your password")
    expect(visitor.page.get_by_label("Password", exact=True)).to_have_value("")
    assert PASSWORD not in visitor.page.content()
    assert student.account_name in visitor.page.content()


def test_country_and_number_are_kept_and_nothing_is_sent(visitor: Visitor, guide: MakeGuide, student: Student) -> None:
    steps = guide(student)
    steps.to_number()
    visitor.page.get_by_label("Landekode").select_option("SE")
    visitor.page.get_by_label("Telefonnummer").fill(student.number)
    visitor.speak("en")
    visitor.sees("Enter your mobile number")
    expect(visitor.page.get_by_label("Country code")).to_have_value("SE")
    expect(visitor.page.get_by_label("Phone number")).to_have_value(student.number)
    assert steps.phone.asked_for == 0


def test_a_typed_code_is_not_kept_and_none_is_sent_or_ended(
    visitor: Visitor, guide: MakeGuide, student: Student
) -> None:
    steps = guide(student)
    steps.to_number()
    steps.number()
    code = steps.phone.code()
    visitor.page.get_by_label("Kode fra sms").fill(code)
    visitor.speak("en")
    visitor.sees("Enter the code")
    expect(visitor.page.get_by_label("Code from text message")).to_have_value("")
    assert code not in visitor.page.content()
    assert steps.phone.asked_for == 1
    visitor.page.get_by_label("Code from text message").fill(code)
    visitor.press("Next")
    visitor.sees("The phone is now registered")


def test_the_message_speaks_the_language_of_the_page_that_asked(
    visitor: Visitor, guide: MakeGuide, enrolled: Student
) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    visitor.speak("en")
    visitor.sees("Confirm it's you")
    assert steps.phone.asked_for == 0
    guide(enrolled).choose()
    assert "is your code for UCPH login" in steps.phone.text()


def test_enter_in_a_field_sends_the_form_and_does_not_switch(
    visitor: Visitor, guide: MakeGuide, student: Student
) -> None:
    page = visitor.page
    visitor.open("/sign-in/")
    page.get_by_label("KU-brugernavn").fill(student.account_name)
    page.keyboard.press("Enter")
    visitor.sees("Indtast din adgangskode")
    page.get_by_label("Adgangskode", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    steps = guide(student)
    steps.more_is_needed()
    steps.default_method()
    steps.another_method()
    page.get_by_label("Telefonnummer").fill(student.number)
    page.keyboard.press("Enter")
    visitor.sees("Indtast koden")
    page.get_by_label("Kode fra sms").fill(steps.phone.code())
    page.keyboard.press("Enter")
    visitor.sees("Telefonen er nu registreret")


def test_the_switch_is_the_first_that_is_read_and_reached(visitor: Visitor) -> None:
    visitor.open("/help/")
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("button", name="Dansk", exact=True)).to_be_focused()
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("button", name="English", exact=True)).to_be_focused()
    visitor.open("/sign-in/")
    expect(visitor.page.get_by_role("banner").get_by_role("button")).to_have_text(["Dansk", "English"])
    visitor.page.keyboard.press("Shift+Tab")
    expect(visitor.page.get_by_role("button", name="English", exact=True)).to_be_focused()


def test_a_page_about_a_problem_can_be_switched(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    visitor.open("/enroll/")
    visitor.sees("Du har allerede en loginmetode")
    visitor.speak("en")
    visitor.sees("You already have a login method")


@pytest.mark.parametrize(
    ("path", "danish", "english"),
    [
        ("/help/", "Hjælp til login", "Help with login"),
        ("/privacy/", "Cookies og privatliv", "Cookies and privacy"),
        ("/accessibility/", "Tilgængeligheds\N{SOFT HYPHEN}erklæring", "Accessibility statement"),
        ("/password/forgotten/", "Ny adgangskode", "New password"),
        ("/sign-out/", "Vil du logge ud?", "Do you want to log out?"),
        ("/signed-out/", "Du er logget ud", "You are logged out"),
        ("/inbox/", "Modtagne sms'er", "Text messages received"),
    ],
)
def test_a_page_that_anyone_may_see_is_there_in_both(visitor: Visitor, path: str, danish: str, english: str) -> None:
    visitor.open(path)
    visitor.sees(danish)
    visitor.speak("en")
    visitor.sees(english)
