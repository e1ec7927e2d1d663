"""The admin, behind the portal's own sign-in."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.guide import Guide
from tests.browser.people import Student
from tests.browser.portal import Portal
from tests.browser.staff import sign_in_staff
from tests.browser.visitor import Visitor
from tests.interface import in_da

# Matches the separators between the digits of a number, however it is written.
_DIGITS_APART = r"[\s.\-]*"


@pytest.fixture
def administrator(visitor: Visitor, portal: Portal, administrators_cookies: list[Any]) -> Visitor:
    """Return the administrator in the admin, signed in with one of the printed codes."""
    if administrators_cookies:
        visitor.context.add_cookies(administrators_cookies)
        visitor.open("/admin/overview/")
    else:
        sign_in_staff(visitor, "jos118", portal.static_codes("jos118")[0])
        administrators_cookies += visitor.context.cookies()
    return visitor


def has_no_number(visitor: Visitor, student: Student) -> None:
    """Check that the page contains only the masked number, with its last two digits."""
    source = visitor.page.content()
    assert student.masked in source
    assert not re.search(_DIGITS_APART.join(student.number), source)


def send_one(steps: Guide) -> None:
    """Request one message to the student."""
    steps.to_choice()
    steps.choose()
    assert steps.phone.code()


def test_who_is_not_signed_in_is_led_to_the_portals_sign_in(visitor: Visitor) -> None:
    visitor.open("/admin/mfa_sms/smsdevice/")
    visitor.sees(in_da("Log in"))
    assert unquote(visitor.page.url).endswith("/sign-in/?next=/admin/mfa_sms/smsdevice/")


def pages_of(page: Page, path: str) -> Iterator[str]:
    """Open the list of a model, its form for a new one, and the page of its first one, as far as they exist.

    Yield the path of each once it is open.
    """
    page.goto(path)
    expect(page.locator("#changelist")).to_be_visible()
    first, new = page.locator("#result_list th a, #result_list td a").first, page.locator(".object-tools .addlink")
    links = [link.get_attribute("href") or "" for link in (first, new) if link.count()]
    yield path
    for link in links:
        page.goto(urljoin(path, link))
        expect(page.locator("#content h1")).to_be_visible()
        yield urlsplit(page.url).path


def test_each_page_of_the_admin_is_in_order(administrator: Visitor) -> None:
    page = administrator.page
    expect(page.locator("html")).to_have_attribute("lang", "da")
    links = page.locator("#content-main th a")
    expect(links.first).to_be_visible()
    lists = [links.nth(index).get_attribute("href") or "" for index in range(links.count())]
    assert len(lists) >= 4
    for path in lists:
        for opened in pages_of(page, path):
            assert opened.startswith("/admin/"), opened
            administrator.measure(page, opened)


def test_a_student_is_refused(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled)
    steps.to_choice()
    steps.choose()
    steps.sign_in_code()
    steps.stay(in_da("No"))
    visitor.sees(in_da("Your login methods"))
    visitor.open("/admin/")
    visitor.sees(in_da("No access"))


@pytest.mark.parametrize("model", ["smsdevice", "textmessage"])
def test_numbers_are_masked_in_lists_and_on_pages_of_one(
    administrator: Visitor, visit: MakeVisitor, guide: MakeGuide, enrolled: Student, model: str
) -> None:
    send_one(guide(enrolled, visit()))
    admin = administrator.page
    admin.goto(f"/admin/mfa_sms/{model}/?q={enrolled.username}")
    has_no_number(administrator, enrolled)
    admin.locator("#result_list th a, #result_list td a").first.click()
    expect(admin.locator("#content h1")).to_be_visible()
    has_no_number(administrator, enrolled)
