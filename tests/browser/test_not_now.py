"""A student may postpone enrollment until the deadline of a campaign, but not after it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import MakeGuide
from tests.browser.people import People, Student
from tests.browser.visitor import Visitor
from tests.interface import in_da


def test_not_now_until_the_deadline(visitor: Visitor, guide: MakeGuide, student: Student, people: People) -> None:
    page = visitor.page
    people.must_enroll(student, days=5)
    steps = guide(student)
    steps.to_choice()
    visitor.sees(in_da("Protect your UCPH login"))
    expect(page.get_by_text("Alle studerende skal have to-faktor-login.")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Ikke nu – fristen er den \d+\. \w+ \d{4}$")).click()
    visitor.sees(in_da("You chose “Not now”"))
    expect(page).to_have_url(re.compile(r"/enroll/not-now/$"))
    visitor.open("/security-info/")
    visitor.sees(in_da("Log in"))
    visitor.open("/enroll/not-now/")
    page.get_by_role("link", name=in_da("Set it up now"), exact=True).click()
    visitor.sees(in_da("Log in"))
    people.must_enroll(student, days=-1)
    steps.to_choice()
    visitor.sees(in_da("Protect your UCPH login"))
    expect(page.get_by_role("button", name=re.compile("Ikke nu"))).to_have_count(0)
    steps.more_is_needed()
    visitor.sees(in_da("Set up an authenticator app"))
