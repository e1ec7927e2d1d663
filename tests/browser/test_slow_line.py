"""On a slow line people press twice. No sign-in is lost, with and without scripts."""

import os
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import MakeGuide
from tests.browser.guide import Guide
from tests.browser.people import PASSWORD, Student
from tests.browser.portal import Portal
from tests.browser.slow_line import slow_line
from tests.interface import in_da

# SIGN_INS=40 measures more of them.
SIGN_INS = int(os.environ.get("SIGN_INS", "2"))
GAPS = (0.1, 0.2, 0.3, 0.4)  # seconds between the two presses


def press_twice(page: Page, name: str | re.Pattern[str], gap: float) -> None:
    """Press a button with the mouse twice, regardless of what the page does in between."""
    box = page.get_by_role("button", name=name, exact=True).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    page.wait_for_timeout(gap * 1000)
    page.mouse.click(x, y)


@pytest.mark.parametrize("number", range(SIGN_INS))
def test_a_sign_in_survives_two_presses_on_each_page(
    chromium: Browser, portal: Portal, guide: MakeGuide, enrolled: Student, number: int
) -> None:
    gap, javascript = GAPS[number % len(GAPS)], number % 2 == 0
    known = guide(enrolled)
    with slow_line(urlsplit(portal.url).port or 80) as port:
        context = chromium.new_context(
            base_url=f"http://localhost:{port}", java_script_enabled=javascript, locale="da-DK"
        )
        steps = Guide(context.new_page(), known.words, enrolled, known.phone)
        page = steps.page
        steps.begin()
        steps.account_name()
        page.get_by_label(in_da("Password"), exact=True).fill(PASSWORD)
        press_twice(page, in_da("Next"), gap)
        steps.is_on(in_da("Confirm it's you"))
        press_twice(page, re.compile("Send sms til"), gap)
        steps.is_on(in_da("Enter the code"))
        page.get_by_label(in_da("Code from text message")).fill(known.phone.code())
        press_twice(page, in_da("Confirm"), gap)
        steps.is_on(in_da("Do you want to stay logged in on this device?"))
        press_twice(page, in_da("No"), gap)
        expect(page.get_by_role("heading", level=1)).to_have_text(in_da("Your login methods"))
        context.close()


# Presses the button twice. The listener comes after that of the page, and keeps the browser on the page.
PRESS_TWICE = """() => {
    let sent = 0;
    const button = document.querySelector("#page-form .button");
    window.addEventListener("submit", (event) => {
        if (!event.defaultPrevented) sent += 1;
        event.preventDefault();
    });
    button.click();
    button.click();
    return [sent, button.form.getAttribute("aria-busy"), button.className];
}"""
COME_BACK = """() => {
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    const button = document.querySelector("#page-form .button");
    return [button.form.getAttribute("aria-busy"), button.className];
}"""


def test_a_form_is_sent_once_and_shows_that_it_is_under_way(guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.begin()
    assert steps.page.evaluate(PRESS_TWICE) == [1, "true", "button working"]
    assert steps.page.evaluate(COME_BACK) == [None, "button"]
