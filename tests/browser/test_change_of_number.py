"""A change of number: the old number works until the new one is confirmed, and the owner is notified."""

from dataclasses import replace

from playwright.sync_api import expect

from tests.browser.conftest import MakeGuide, MakeMailbox, MakeVisitor
from tests.browser.guide import Guide
from tests.browser.people import People, Student
from tests.browser.security import sign_in_to
from tests.browser.visitor import Visitor
from tests.browser.words import Words


def with_new_number(steps: Guide, visitor: Visitor, guide: MakeGuide, people: People) -> Guide:
    """Return a guide for the same person and browser, with an unused number."""
    return guide(replace(steps.person, number=people.student().number), visitor)


def test_a_number_is_changed_and_its_owner_is_told(
    arrive: MakeVisitor,
    guide: MakeGuide,
    words: Words,
    people: People,
    enrolled: Student,
    mailbox: MakeMailbox,
) -> None:
    visitor = arrive()
    old = guide(enrolled, visitor)
    info = sign_in_to(old)
    new = with_new_number(old, visitor, guide, people)
    info.change_to(new)
    new.enrollment_code()
    new.registered()
    info.changed(words.go_on)
    expect(info.method(new.person.masked)).to_have_count(1)
    expect(info.method(enrolled.masked)).to_have_count(0)
    assert words.notice_of_change in old.phone.notice()
    mail = mailbox(enrolled).text(words.mail_of_change)
    assert words.old_and_new.format(old=enrolled.masked, new=new.person.masked) in mail
    assert enrolled.number not in mail.replace(" ", "")
    assert (len(old.phone.received), len(new.phone.received), new.phone.notices) == (1, 1, [])


def test_the_old_number_works_until_the_new_one_is_confirmed(
    arrive: MakeVisitor, guide: MakeGuide, words: Words, people: People, enrolled: Student
) -> None:
    visitor = arrive()
    old = guide(enrolled, visitor)
    info = sign_in_to(old)
    new = with_new_number(old, visitor, guide, people)
    info.change_to(new)
    new.is_on(words.enter_code)
    sign_in_to(guide(enrolled, arrive()))
    new.enrollment_code()
    new.registered()
    info.changed(words.go_on)
    again = guide(new.person, arrive())
    again.to_choice()
    again.is_on(words.choose)
    expect(again.page.get_by_role("main")).not_to_contain_text(enrolled.masked)
    again.choose()
    again.sign_in_code()
    again.stay(words.no)
    again.is_on(words.methods)
