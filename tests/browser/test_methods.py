"""Set up and manage methods: apps, a second method, names, and the preferred method."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.people import Employee, People, Student
from tests.browser.security import SecurityInfo, sign_in_to
from tests.browser.words import Words


def test_an_employee_signs_in_with_an_app_and_is_refused_text_messages(
    arrive: MakeVisitor, guide: MakeGuide, words: Words, employee: Employee
) -> None:
    visitor = arrive()
    steps = guide(employee, visitor)
    steps.to_app()
    steps.is_on(words.set_up_app)
    expect(visitor.page.get_by_role("link", name=words.another)).to_have_count(0)
    visitor.open("/enroll/phone/")
    visitor.sees(words.no_text_messages)
    visitor.page.get_by_role("link", name=words.other_method).click()
    app = steps.app()
    steps.sign_in_app_code(app)
    steps.stay(words.no)
    visitor.sees(words.methods)
    info = SecurityInfo(steps)
    expect(info.method(words.authenticator_app)).to_be_visible()
    info.add()
    steps.is_on(words.set_up_app)
    visitor.open("/enroll/phone/")
    visitor.sees(words.no_text_messages)
    assert steps.phone.asked_for == 0


def test_a_student_with_an_app_is_asked_for_no_phone(
    arrive: MakeVisitor, guide: MakeGuide, words: Words, student: Student
) -> None:
    visitor = arrive()
    steps = guide(student, visitor)
    steps.to_app()
    app = steps.app()
    steps.sign_in_app_code(app)
    steps.stay(words.no)
    steps.sign_out()
    steps.to_choice()
    steps.is_on(words.choose)
    expect(visitor.page.get_by_role("main").get_by_role("button")).to_have_text([words.use_app])
    visitor.open("/enroll/")
    visitor.sees(words.already_enrolled)
    visitor.page.get_by_role("link", name=words.next, exact=True).click()
    steps.choose_app()
    assert steps.phone.asked_for == 0


def test_the_owner_of_two_phones_names_one_puts_it_first_and_removes_the_other(
    arrive: MakeVisitor, guide: MakeGuide, words: Words, people: People, enrolled: Student
) -> None:
    visitor = arrive()
    steps = guide(enrolled, visitor)
    info = sign_in_to(steps)
    people.add_phone(enrolled)
    info.open()
    info.rename(enrolled.masked, "Min <første> telefon")
    info.use_first(enrolled.masked)
    visitor.look()
    other = info.method(words.use_first).locator("span", has_text="+45").first
    info.remove(other.inner_text())
    info.changed(words.go_on)
    expect(visitor.page.get_by_role("link", name=re.compile(f"^{words.remove}"))).to_have_count(0)
    visitor.page.get_by_role("link", name=words.all_activity).click()
    visitor.sees(words.activity)
