"""Members of the demo's staff, who sign in to the admin with printed codes."""

import re

from playwright.sync_api import expect

from demo import people
from tests.browser.visitor import Visitor


def sign_in_staff(visitor: Visitor, username: str, code: str) -> None:
    """Open the admin, and sign in with one of the printed codes."""
    visitor.open("/admin/")
    visitor.sees("Log ind")
    visitor.page.get_by_label("KU-brugernavn").fill(f"{username}@ku.dk")
    visitor.press("Næste")
    visitor.page.get_by_label("Adgangskode", exact=True).fill(people.PASSWORD)
    visitor.press("Næste")
    visitor.sees("Bekræft, at det er dig")
    visitor.press("Brug en engangskode fra demoen")
    visitor.sees("Indtast koden")
    visitor.page.get_by_label("Engangskode").fill(code)
    visitor.press("Bekræft")
    expect(visitor.page).to_have_url(re.compile("/admin/overview/$"))
