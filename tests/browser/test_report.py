"""The link in a mail to the owner opens a compromise report."""

from dataclasses import replace

from playwright.sync_api import expect

from tests.browser.conftest import MakeGuide, MakeMailbox, MakeVisitor
from tests.browser.people import People, Student, ask_database
from tests.browser.portal import Portal
from tests.browser.security import sign_in_to
from tests.browser.words import Words


def test_a_report_ends_the_stranger_s_session_and_locks_the_new_phone(
    arrive: MakeVisitor,
    guide: MakeGuide,
    words: Words,
    people: People,
    portal: Portal,
    enrolled: Student,
    mailbox: MakeMailbox,
) -> None:
    stranger = arrive()
    info = sign_in_to(guide(enrolled, stranger))
    new = guide(replace(enrolled, number=people.student().number), stranger)
    info.change_to(new)
    new.enrollment_code()
    new.registered()
    info.changed(words.go_on)
    link = mailbox(enrolled).report_link()
    owner = arrive()
    owner.open(link)
    owner.sees(words.was_it_not_you)
    second_tab = owner.context.new_page()
    second_tab.goto(link)
    owner.press(words.not_me)
    owner.sees(words.told)
    second_tab.get_by_role("button", name=words.not_me, exact=True).click()
    owner.sees(words.told, second_tab)
    expect(second_tab.locator(".notice")).to_have_text(words.told_already)
    stranger.open("/security-info/")
    stranger.sees(words.log_in)
    new.to_choice()
    stranger.sees(words.must_renew)
    cases = (
        "SELECT kind FROM helpdesk_case JOIN accounts_account ON account_id = accounts_account.id WHERE username = ?"
    )
    assert ask_database(portal.var, cases, enrolled.username) == [("reported",)]


def test_a_link_that_nobody_made_says_what_to_do(arrive: MakeVisitor, words: Words) -> None:
    visitor = arrive()
    visitor.open("/report/MTI:1uNoBo:d3/")
    visitor.sees(words.link_dead)
    visitor.page.get_by_role("link", name=words.new_password).click()
    expect(visitor.page.get_by_label(words.name)).to_be_visible()
