"""The language switch keeps the typed text and sends nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.people import PASSWORD, Student
from tests.browser.visitor import Visitor
from tests.interface import in_da, in_en


def test_the_typed_account_name_is_kept(visit: MakeVisitor) -> None:
    for javascript in (True, False):
        visitor = visit(javascript)
        visitor.open("/sign-in/")
        visitor.page.get_by_label(in_da("UCPH username")).fill("nye001@alu")
        visitor.speak("en")
        expect(visitor.page.get_by_label(in_en("UCPH username"))).to_have_value("nye001@alu")
        visitor.sees(in_en("Log in"))
        visitor.speak("da")
        expect(visitor.page.get_by_label(in_da("UCPH username"))).to_have_value("nye001@alu")


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
    visitor.page.get_by_label(in_da("Password"), exact=True).fill(PASSWORD)
    visitor.speak("en")
    visitor.sees(in_en("Enter your password"))
    expect(visitor.page.get_by_label("Password", exact=True)).to_have_value("")
    assert PASSWORD not in visitor.page.content()
    assert student.account_name in visitor.page.content()


def test_country_and_number_are_kept_and_nothing_is_sent(visitor: Visitor, guide: MakeGuide, student: Student) -> None:
    steps = guide(student)
    steps.to_number()
    visitor.page.get_by_label(in_da("Country code")).select_option("SE")
    visitor.page.get_by_label(in_da("Phone number")).fill(student.number)
    visitor.speak("en")
    visitor.sees(in_en("Enter your mobile number"))
    expect(visitor.page.get_by_label(in_en("Country code"))).to_have_value("SE")
    expect(visitor.page.get_by_label(in_en("Phone number"))).to_have_value(student.number)
    assert steps.phone.asked_for == 0


def test_a_typed_code_is_not_kept_and_none_is_sent_or_ended(
    visitor: Visitor, guide: MakeGuide, student: Student
) -> None:
    steps = guide(student)
    steps.to_number()
    steps.number()
    code = steps.phone.code()
    visitor.page.get_by_label(in_da("Code from text message")).fill(code)
    visitor.speak("en")
    visitor.sees(in_en("Enter the code"))
    expect(visitor.page.get_by_label(in_en("Code from text message"))).to_have_value("")
    assert code not in visitor.page.content()
    assert steps.phone.asked_for == 1
    visitor.page.get_by_label(in_en("Code from text message")).fill(code)
    visitor.press("Next")
    visitor.sees(in_en("The phone is now registered"))


def test_the_message_speaks_the_language_of_the_page_that_asked(
    visitor: Visitor, guide: MakeGuide, enrolled: Student
) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    visitor.speak("en")
    visitor.sees(in_en("Confirm it's you"))
    assert steps.phone.asked_for == 0
    guide(enrolled).choose()
    assert "is your code for UCPH login" in steps.phone.text()


def test_enter_in_a_field_sends_the_form_and_does_not_switch(
    visitor: Visitor, guide: MakeGuide, student: Student
) -> None:
    page = visitor.page
    visitor.open("/sign-in/")
    page.get_by_label(in_da("UCPH username")).fill(student.account_name)
    page.keyboard.press("Enter")
    visitor.sees(in_da("Enter your password"))
    page.get_by_label(in_da("Password"), exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    steps = guide(student)
    steps.more_is_needed()
    steps.default_method()
    steps.another_method()
    page.get_by_label(in_da("Phone number")).fill(student.number)
    page.keyboard.press("Enter")
    visitor.sees(in_da("Enter the code"))
    page.get_by_label(in_da("Code from text message")).fill(steps.phone.code())
    page.keyboard.press("Enter")
    visitor.sees(in_da("The phone is now registered"))


def test_the_switch_is_the_first_that_is_read_and_reached(visitor: Visitor) -> None:
    visitor.open("/help/")
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("button", name=in_da("Danish"), exact=True)).to_be_focused()
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("button", name="English", exact=True)).to_be_focused()
    visitor.open("/sign-in/")
    expect(visitor.page.get_by_role("banner").get_by_role("button")).to_have_text([in_da("Danish"), "English"])
    visitor.page.keyboard.press("Shift+Tab")
    expect(visitor.page.get_by_role("button", name="English", exact=True)).to_be_focused()


def test_a_page_about_a_problem_can_be_switched(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    visitor.open("/enroll/")
    visitor.sees(in_da("You already have a login method"))
    visitor.speak("en")
    visitor.sees(in_en("You already have a login method"))


@pytest.mark.parametrize(
    ("path", "danish", "english"),
    [
        ("/help/", in_da("Help with login"), in_en("Help with login")),
        ("/privacy/", in_da("Cookies and privacy"), in_en("Cookies and privacy")),
        ("/accessibility/", in_da("Accessibility statement"), in_en("Accessibility statement")),
        ("/password/forgotten/", in_da("New password"), in_en("New password")),
        ("/sign-out/", in_da("Do you want to log out?"), in_en("Do you want to log out?")),
        ("/signed-out/", in_da("You are logged out"), in_en("You are logged out")),
        ("/inbox/", in_da("Text messages received"), in_en("Text messages received")),
    ],
)
def test_a_page_that_anyone_may_see_is_there_in_both(visitor: Visitor, path: str, danish: str, english: str) -> None:
    visitor.open(path)
    visitor.sees(danish)
    visitor.speak("en")
    visitor.sees(english)
