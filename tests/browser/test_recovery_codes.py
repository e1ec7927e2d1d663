"""Recovery codes: create them after enrollment, print them, and use one when the phone is lost."""

from playwright.sync_api import expect

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.people import Student
from tests.browser.words import Words


def test_who_lost_the_phone_signs_in_with_a_printed_code_and_not_twice(
    arrive: MakeVisitor, guide: MakeGuide, words: Words, student: Student
) -> None:
    visitor = arrive()
    page = visitor.page
    steps = guide(student, visitor)
    steps.to_number()
    steps.number()
    steps.enrollment_code()
    steps.registered(words.show_codes)
    steps.choose()
    steps.sign_in_code()
    steps.stay(words.no)
    visitor.sees(words.recovery_codes)
    visitor.press(words.make_codes)
    visitor.sees(words.your_codes)
    page.emulate_media(media="print")
    listed = page.locator(".codes li")
    expect(listed).to_have_count(10)
    assert all(code.is_visible() for code in listed.all())
    expect(page.get_by_role("link", name=words.done, exact=True)).to_be_hidden()
    page.emulate_media(media="screen")
    code = listed.first.inner_text()
    page.get_by_role("link", name=words.done, exact=True).click()
    visitor.sees(words.methods)
    steps.sign_out()
    steps.to_choice()
    steps.choose_recovery_code()
    steps.recovery_code(code)
    expect(page.locator("#notices")).to_have_text(words.codes_left)
    steps.stay(words.no)
    visitor.sees(words.methods)
    steps.sign_out()
    steps.to_choice()
    steps.choose_recovery_code()
    steps.recovery_code(code)
    expect(page.locator("#id_code_error")).to_contain_text(words.recovery_code_used)
    visitor.look()
