"""Error messages of pages, and which of the entered values they keep."""

import re

import pytest
from playwright.sync_api import expect

from demo import people as people_of_the_demo
from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.people import PASSWORD, People, Student
from tests.browser.visitor import Visitor
from tests.interface import in_da, in_en

PRIVATE_ADDRESS = in_da(
    "You cannot log in with a personal email address. Your username ends in @%(student)s (student) or @%(employee)s "
    "(employee)",
    student="alumni.ku.dk",
    employee="ku.dk",
)


def is_wrong(visitor: Visitor, field: str, message: str) -> None:
    """Check that the page shows an error: in the summary at its top, which has the focus, and at the field."""
    page = visitor.page
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text(in_da("There is a problem"))
    assert page.locator("main :is(h1, h2, p, input)").first.inner_text() == in_da("There is a problem")
    assert page.title().startswith("Fejl: ")
    wrong = page.locator(f"#{field}")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    error = (wrong.get_attribute("aria-describedby") or "").split()[0]
    expect(page.locator(f"#{error}")).to_contain_text(message)
    visitor.look()


def leads_to_field(visitor: Visitor, field: str) -> None:
    """Check that the entry in the summary is a link to its field."""
    visitor.page.locator(".error-summary").get_by_role("link").click()
    expect(visitor.page.locator(f"#{field}")).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "message", "kept"),
    [
        ("", in_da("Enter your UCPH username"), ""),
        ("nye001", "Skriv @alumni.ku.dk (studerende) eller @ku.dk (ansat) efter dit brugernavn", "nye001"),
        ("freja@example.org", PRIVATE_ADDRESS, "freja@example.org"),
        ("010190-1234", in_da("Do not enter your CPR number"), ""),
    ],
    ids=["nothing", "no domain", "a private address", "a CPR number"],
)
def test_an_account_name_that_is_none(visitor: Visitor, typed: str, message: str, kept: str) -> None:
    visitor.open("/sign-in/")
    visitor.page.get_by_label(in_da("UCPH username")).fill(typed)
    visitor.press(in_da("Next"))
    is_wrong(visitor, "id_account_name", message)
    leads_to_field(visitor, "id_account_name")
    expect(visitor.page.locator("#id_account_name")).to_have_value(kept)
    assert "010190-1234" not in visitor.page.content()


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", in_da("Enter your password")), ("hemmelig-men-forkert", in_da("The username or password is incorrect"))],
    ids=["nothing", "a wrong one"],
)
def test_a_password_that_is_not_right_is_not_kept(
    visitor: Visitor, guide: MakeGuide, student: Student, typed: str, message: str
) -> None:
    steps = guide(student)
    steps.begin()
    steps.account_name()
    visitor.page.get_by_label(in_da("Password"), exact=True).fill(typed)
    visitor.press(in_da("Next"))
    is_wrong(visitor, "id_password", message)
    leads_to_field(visitor, "id_password")
    expect(visitor.page.locator("#id_password")).to_have_value("")
    assert "hemmelig" not in visitor.page.content()


@pytest.mark.parametrize(
    ("country", "typed", "message"),
    [
        ("DK", "", in_da("Enter your mobile number.")),
        ("DK", "26 12 34", in_da("A Danish mobile number has 8 digits.")),
        ("SE", "070", "Nummeret har for få cifre (Sverige)."),
        ("DK", "ring til mig", in_da("A phone number has digits only.")),
    ],
)
def test_a_number_that_is_none(
    visitor: Visitor, guide: MakeGuide, student: Student, country: str, typed: str, message: str
) -> None:
    steps = guide(student)
    steps.to_number()
    visitor.page.get_by_label(in_da("Country code")).select_option(country)
    visitor.page.get_by_label(in_da("Phone number")).fill(typed)
    visitor.press(in_da("Next"))
    is_wrong(visitor, "id_number", message)
    leads_to_field(visitor, "id_number")
    help_by_phone = "Har du brug for hjælp, så ring til it-support på 35 32 32 32."
    expect(visitor.page.locator("#id_number_error")).to_contain_text(help_by_phone, timeout=2000)
    expect(visitor.page.get_by_label(in_da("Country code"))).to_have_value(country)
    expect(visitor.page.get_by_label(in_da("Phone number"))).to_have_value(typed)
    assert steps.phone.asked_for == 0


@pytest.mark.parametrize(
    ("country", "typed", "why"),
    [
        ("DK", "+1 212 555 2368", "Vi sender ikke koder til numre i USA."),
        ("FR", "0899 12 34 56", "Det er ikke et almindeligt mobilnummer"),
    ],
    ids=["a country", "a dear number"],
)
def test_a_number_that_no_code_is_sent_to_gets_a_page(
    visitor: Visitor, guide: MakeGuide, student: Student, country: str, typed: str, why: str
) -> None:
    steps = guide(student)
    steps.to_number()
    visitor.page.get_by_label(in_da("Country code")).select_option(country)
    visitor.page.get_by_label(in_da("Phone number")).fill(typed)
    visitor.press(in_da("Next"))
    visitor.sees(in_da("We cannot send codes to this number"))
    expect(visitor.page.get_by_role("main")).to_contain_text(why)
    expect(visitor.page.get_by_role("main")).to_contain_text(re.compile(r"Reference: \w{4}-\w{2}"))
    visitor.page.get_by_role("link", name=in_da("Enter another number")).click()
    visitor.sees(in_da("Enter your mobile number"))


def test_a_wrong_code_is_not_kept_and_enrollment_says_how_many_tries_are_left(
    visitor: Visitor, guide: MakeGuide, student: Student
) -> None:
    steps = guide(student)
    steps.to_number()
    steps.number()
    for typed, message in (
        ("", in_da("Enter the code from the text message")),
        ("123", in_da("The code must have 6 digits")),
        (steps.phone.wrong_code(), "Koden er forkert. Du har 4 forsøg tilbage."),
    ):
        visitor.page.get_by_label(in_da("Code from text message")).fill(typed)
        visitor.press(in_da("Next"))
        is_wrong(visitor, "id_code", message)
        expect(visitor.page.get_by_label(in_da("Code from text message"))).to_have_value("")
    steps.enrollment_code()
    steps.registered()


def test_after_five_wrong_codes_there_is_a_wait(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    steps.choose()
    for message in (
        *[in_da("The code is incorrect")] * 2,
        "Koden er forkert. Du har 2 forsøg tilbage.",
        "Koden er forkert. Du har 1 forsøg tilbage.",
    ):
        visitor.page.get_by_label(in_da("Code from text message")).fill(steps.phone.wrong_code())
        visitor.press(in_da("Confirm"))
        expect(visitor.page.locator("#id_code_error")).to_have_text(message)
    visitor.page.get_by_label(in_da("Code from text message")).fill(steps.phone.wrong_code())
    visitor.press(in_da("Confirm"))
    ended = re.compile(r"Koden er forkert\. Du har ikke flere forsøg\. Bed om en ny kode kl\. \d\d\.\d\d\.")
    expect(visitor.page.locator("#error-summary")).to_contain_text(ended)
    visitor.look()
    visitor.press(in_da("Send a new code"))
    visitor.sees(in_da("You must wait before you can log in"))
    expect(visitor.page.get_by_role("main")).to_contain_text(re.compile(r"Prøv igen kl\. \d\d\.\d\d\."))
    assert steps.phone.asked_for == 1


def test_a_sign_in_that_lay_too_long_starts_again(
    visitor: Visitor, guide: MakeGuide, people: People, enrolled: Student
) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    people.age_sign_in(visitor.session_key)
    steps.choose()
    visitor.sees(in_da("Start again"))
    assert "Du har været væk et stykke tid." in visitor.page.content()
    visitor.page.get_by_role("link", name=in_da("Start again")).click()
    steps.account_name()
    steps.password()
    visitor.sees(in_da("Confirm it's you"))
    assert steps.phone.asked_for == 0


def test_a_form_without_its_cookies_says_what_to_do(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.begin()
    steps.account_name()
    visitor.page.get_by_label(in_da("Password"), exact=True).fill(PASSWORD)
    visitor.context.clear_cookies()
    visitor.press(in_da("Next"))
    visitor.sees(in_da("Start again"))
    visitor.page.get_by_role("link", name=in_da("Start again")).click()
    visitor.sees(in_da("Log in"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_second_mistake_is_said_as_clearly_as_the_first(visit: MakeVisitor, javascript: bool) -> None:
    visitor = visit(javascript)
    visitor.open("/sign-in/")
    visitor.press(in_da("Next"))
    is_wrong(visitor, "id_account_name", in_da("Enter your UCPH username"))
    leads_to_field(visitor, "id_account_name")
    visitor.page.get_by_label(in_da("UCPH username")).fill("freja@example.org")
    visitor.press(in_da("Next"))
    is_wrong(visitor, "id_account_name", PRIVATE_ADDRESS)


def test_an_employee_is_refused_by_a_page(visitor: Visitor) -> None:
    visitor.open("/sign-in/")
    visitor.page.get_by_label(in_da("UCPH username")).fill("kah502@ku.dk")
    visitor.press(in_da("Next"))
    visitor.page.get_by_label(in_da("Password"), exact=True).fill(people_of_the_demo.PASSWORD)
    visitor.press(in_da("Next"))
    visitor.sees(in_da("Protect your UCPH login"))
    visitor.open("/enroll/phone/")
    visitor.look()
    expect(visitor.page.get_by_label(in_da("Phone number"))).to_have_count(0)


def test_an_old_password_leads_to_a_new_one(visitor: Visitor) -> None:
    visitor.open("/sign-in/")
    visitor.page.get_by_label(in_da("UCPH username")).fill("olf386@alumni.ku.dk")
    visitor.press(in_da("Next"))
    visitor.page.get_by_label(in_da("Password"), exact=True).fill(people_of_the_demo.PASSWORD)
    visitor.press(in_da("Next"))
    visitor.sees(in_da("Your password is too old"))
    visitor.page.get_by_role("link", name=in_da("I have forgotten my password")).click()
    visitor.sees(in_da("New password"))
    visitor.press(in_en("Send link"))
    visitor.sees(in_da("Check your email"))
