"""Recovery codes: create them after enrollment, print them, and use one when the phone is lost."""

from django.utils.translation import gettext as _
from playwright.sync_api import expect

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.people import Student
from tests.browser.security import sign_in_to
from tests.browser.visitor import Visitor
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


def test_codes_can_be_kept_as_a_file_and_copied_and_paper_says_where_they_work(
    visitor: Visitor, guide: MakeGuide, enrolled: Student
) -> None:
    steps = guide(enrolled)
    sign_in_to(steps)
    visitor.open("/security-info/recovery-codes/")
    visitor.press(steps.words.make_codes)
    visitor.sees(steps.words.your_codes)
    codes = visitor.page.locator(".codes li").all_inner_texts()
    with visitor.page.expect_download() as download:
        visitor.press(_("Download"))
    text = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == _("ucph-login-recovery-codes.txt")
    assert [line for line in text.splitlines() if line in codes] == codes
    visitor.press(_("Copy"))
    expect(visitor.page.locator("#kept-status")).to_have_text(_("The codes have been copied."))
    visitor.page.emulate_media(media="print")
    expect(visitor.page.locator(".brand")).to_be_visible()
    expect(visitor.page.get_by_text("127.0.0.1", exact=True)).to_be_visible()
    for button in (_("Print"), _("Copy"), _("Download")):
        expect(visitor.page.get_by_role("button", name=button, exact=True)).to_be_hidden()
