"""A phone cannot scan its own screen: there the link to the app comes before the QR code."""

from playwright.sync_api import Browser, expect

from tests.browser.guide import Guide
from tests.browser.layout import box
from tests.browser.people import Phone, Student
from tests.browser.portal import Portal
from tests.browser.words import DANISH
from tests.interface import in_da


def test_the_link_to_the_app_comes_first_on_a_phone(chromium: Browser, portal: Portal, student: Student) -> None:
    context = chromium.new_context(
        base_url=portal.url, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}, locale="da-DK"
    )
    page = context.new_page()
    steps = Guide(page, DANISH, student, Phone(portal.var, student.e164))
    steps.to_app()
    steps.is_on(DANISH.set_up_app)
    link = page.get_by_role("link", name=in_da("Open in your app"), exact=True)
    expect(link).to_have_count(1)
    assert box(link)["y"] < box(page.get_by_role("img"))["y"]
    assert box(link)["height"] >= 44
    context.close()


def test_the_qr_code_comes_first_beside_a_mouse(chromium: Browser, portal: Portal, student: Student) -> None:
    context = chromium.new_context(base_url=portal.url, locale="da-DK")
    page = context.new_page()
    steps = Guide(page, DANISH, student, Phone(portal.var, student.e164))
    steps.to_app()
    steps.is_on(DANISH.set_up_app)
    link = page.get_by_role("link", name=in_da("Open in your app"), exact=True)
    expect(link).to_have_count(1)
    assert box(link)["y"] > box(page.get_by_role("img"))["y"]
    context.close()
