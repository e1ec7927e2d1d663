"""Text of twice the size stays on the screen of a phone, and the parts of a page line up."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.guide import Guide
from tests.browser.layout import box, enlarge, outside, right
from tests.browser.people import Phone, Student
from tests.browser.portal import Portal
from tests.browser.visitor import Visitor
from tests.browser.words import DANISH, ENGLISH
from tests.interface import in_da

_SCREENS = [(320, 100), (320, 130), (320, 200), (360, 200), (390, 200), (600, 200)]


def walk(visitor: Visitor, portal: Portal, student: Student) -> Guide:
    """Return a guide that only measures."""
    words = ENGLISH if visitor.language == "en" else DANISH
    return Guide(visitor.page, words, student, Phone(portal.var, student.e164))


def fits(page: Page) -> None:
    """Check a page on narrow screens with large text."""
    page.wait_for_load_state()
    for width, percent in _SCREENS:
        page.set_viewport_size({"width": width, "height": 800})
        enlarge(page, percent)
        assert outside(page) == [], f"{page.url}, {width} px, {percent} %"
    enlarge(page, 100)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_pages_of_an_enrollment_fit(visitor: Visitor, portal: Portal, student: Student, language: str) -> None:
    page = visitor.page
    visitor.open("/sign-in/")
    if language == "en":
        visitor.speak("en")
    fits(page)
    steps = walk(visitor, portal, student)
    page.get_by_role("button", name=steps.words.next, exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()
    fits(page)
    steps.account_name()
    steps.is_on(steps.words.enter_password)
    fits(page)
    steps.password()
    for leave, heading in (
        (steps.more_is_needed, steps.words.more_needed),
        (steps.default_method, steps.words.set_up_app),
        (steps.another_method, steps.words.choose_method),
        (steps.number, steps.words.enter_number),
        (steps.enrollment_code, steps.words.enter_code),
        (steps.registered, steps.words.registered),
    ):
        steps.is_on(heading)
        fits(page)
        leave()


@pytest.mark.parametrize("path", ["/help/", "/privacy/", "/accessibility/", "/password/forgotten/", "/signed-out/"])
def test_a_page_that_anyone_may_see_fits(visitor: Visitor, path: str) -> None:
    visitor.open(path)
    fits(visitor.page)
    visitor.speak("en")
    fits(visitor.page)


def test_the_signed_in_pages_fit(visitor: Visitor, portal: Portal, enrolled: Student) -> None:
    steps = walk(visitor, portal, enrolled)
    steps.to_choice()
    fits(visitor.page)
    steps.choose()
    fits(visitor.page)
    steps.sign_in_code()
    steps.is_on(steps.words.stay)
    fits(visitor.page)
    steps.stay(in_da("No"))
    visitor.open("/security-info/")
    fits(visitor.page)


@pytest.mark.parametrize("width", [320, 600, 1280])
def test_the_parts_line_up(visitor: Visitor, portal: Portal, student: Student, width: int) -> None:
    page = visitor.page
    steps = walk(visitor, portal, student)
    steps.begin()
    steps.account_name()
    steps.password()
    steps.more_is_needed()
    steps.default_method()
    steps.is_on(steps.words.choose_method)
    page.set_viewport_size({"width": width, "height": 800})
    card = page.locator(".card")
    english = page.get_by_role("button", name="English", exact=True)
    assert right(english) == pytest.approx(right(card) + 8, abs=1)  # its text ends 8 px before
    text = box(page.get_by_role("heading", level=1))["x"]
    legend = page.get_by_text("Hvordan vil du bekræfte")
    assert legend.evaluate("element => parseFloat(getComputedStyle(element).paddingLeft)") == 0
    assert box(legend)["x"] == pytest.approx(text, abs=0.5)
    assert box(page.get_by_role("radio").first)["x"] == pytest.approx(text, abs=0.5)
    hint = page.locator("[id^=risk-]").last
    assert box(hint)["x"] == pytest.approx(box(page.locator(".choice label").last)["x"], abs=1)
