"""Members of the demo's staff, who sign in to the admin with printed codes."""

import re

from playwright.sync_api import expect

from demo import people
from tests.browser.visitor import Visitor
from tests.interface import in_da


def sign_in_staff(visitor: Visitor, username: str, code: str) -> None:
    """Open the admin, and sign in with one of the printed codes."""
    visitor.open("/admin/")
    visitor.sees(in_da("Log in"))
    visitor.page.get_by_label(in_da("UCPH username")).fill(f"{username}@ku.dk")
    visitor.press(in_da("Next"))
    visitor.page.get_by_label(in_da("Password"), exact=True).fill(people.PASSWORD)
    visitor.press(in_da("Next"))
    visitor.sees(in_da("Confirm it's you"))
    visitor.press(in_da("Use a single-use code from the demo"))
    visitor.sees(in_da("Enter the code"))
    visitor.page.get_by_label(in_da("Single-use code")).fill(code)
    visitor.press(in_da("Confirm"))
    expect(visitor.page).to_have_url(re.compile("/admin/overview/$"))
