"""A person ends their sessions in other browsers, one at a time or all at once."""

from playwright.sync_api import expect

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.people import People, Student
from tests.browser.security import sign_in_to
from tests.browser.words import Words


def test_one_browser_logs_the_other_out_and_then_all_others(
    arrive: MakeVisitor, guide: MakeGuide, words: Words, enrolled: Student
) -> None:
    elsewhere = arrive()
    sign_in_to(guide(enrolled, elsewhere))
    here = arrive()
    info = sign_in_to(guide(enrolled, here))
    # For screen readers, the name also contains the login time of that browser.
    here.page.get_by_role("button", name=words.log_out_browser).click()
    here.sees(words.methods)
    expect(here.page.locator("#notices")).to_have_text(words.device_logged_out)
    expect(here.page.get_by_role("link", name=words.log_out_others)).to_have_count(0)
    elsewhere.open("/security-info/")
    elsewhere.sees(words.log_in)
    sign_in_to(guide(enrolled, elsewhere))
    info.open()
    here.page.get_by_role("link", name=words.log_out_others, exact=True).click()
    here.sees(words.log_out_others)
    here.press(words.log_out_others)
    here.sees(words.methods)
    expect(here.page.locator("#notices")).to_have_text(words.logged_out_others)
    elsewhere.open("/security-info/")
    elsewhere.sees(words.log_in)


def test_after_a_change_all_others_can_be_logged_out(
    arrive: MakeVisitor, guide: MakeGuide, words: Words, people: People, enrolled: Student
) -> None:
    elsewhere = arrive()
    sign_in_to(guide(enrolled, elsewhere))
    people.add_phone(enrolled)
    here = arrive()
    info = sign_in_to(guide(enrolled, here))
    info.remove(words.not_used_yet)
    info.changed(words.log_out_others)
    expect(here.page.locator("#notices")).to_contain_text(words.logged_out_others)
    elsewhere.open("/security-info/")
    elsewhere.sees(words.log_in)
