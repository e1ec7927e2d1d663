"""What Chrome 77 and Safari 11 make of the stylesheet can be read and pressed (R7)."""

import pytest
from playwright.sync_api import Route, expect

from kumfa.settings import BASE_DIR
from tests.browser.guide import Guide
from tests.browser.layout import box, outside, right
from tests.browser.people import Phone, Student
from tests.browser.portal import Portal
from tests.browser.visitor import Visitor
from tests.browser.words import DANISH
from tests.interface import in_da
from tests.old_browsers import as_old_browsers_read

_STYLE = (BASE_DIR / "static" / "css" / "portal.css").read_text(encoding="utf-8")
_THUMB = 44


def _answer(route: Route) -> None:
    route.fulfill(body=as_old_browsers_read(_STYLE), content_type="text/css; charset=utf-8")


@pytest.fixture
def old(visitor: Visitor) -> Visitor:
    """Return a visitor with a narrow screen whose browser drops what old ones lack."""
    visitor.page.route("**/portal*.css", _answer)
    visitor.page.set_viewport_size({"width": 360, "height": 640})
    return visitor


def test_fields_are_large_and_the_focus_is_seen(old: Visitor, portal: Portal, student: Student) -> None:
    page = old.page
    steps = Guide(old.page, DANISH, student, Phone(portal.var, student.e164))
    steps.begin()
    assert outside(page) == []
    name = page.get_by_label(in_da("UCPH username"))
    assert box(name)["height"] >= _THUMB
    assert box(name)["width"] > 250
    expect(name).to_be_focused()
    assert name.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    steps.to_number()
    for label in (in_da("Country code"), in_da("Phone number")):
        assert box(page.get_by_label(label))["height"] >= _THUMB
        assert box(page.get_by_label(label))["width"] > 250
    assert outside(page) == []


def test_what_is_pressed_does_not_touch(old: Visitor, portal: Portal, enrolled: Student) -> None:
    page = old.page
    steps = Guide(old.page, DANISH, enrolled, Phone(portal.var, enrolled.e164))
    steps.to_choice()
    steps.choose()
    steps.sign_in_code()
    steps.is_on(steps.words.stay)
    yes, no = (page.get_by_role("button", name=name, exact=True) for name in (in_da("Yes"), in_da("No")))
    assert box(no)["x"] - right(yes) >= 8 or box(no)["y"] - box(yes)["y"] - box(yes)["height"] >= 8
    steps.stay(in_da("No"))
    old.open("/security-info/")
    links = page.locator(".links").first.get_by_role("link")
    assert links.count() > 1
    assert box(links.nth(1))["x"] - right(links.first) >= 8 or box(links.nth(1))["y"] > box(links.first)["y"]


def test_a_choice_keeps_its_distance(old: Visitor, portal: Portal, student: Student) -> None:
    steps = Guide(old.page, DANISH, student, Phone(portal.var, student.e164))
    steps.begin()
    steps.account_name()
    steps.password()
    steps.more_is_needed()
    steps.default_method()
    steps.is_on(steps.words.choose_method)
    choice = old.page.locator(".choice").first
    assert box(choice.locator("label"))["x"] - right(choice.locator("input")) >= 8
