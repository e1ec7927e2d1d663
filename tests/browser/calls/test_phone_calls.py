"""„Jeg får ingen sms“: from the search in the admin to the cause, in words, and to the remedy."""

import re
import sys

from playwright.sync_api import expect

from tests.browser.calls.access_pass import enters_pass, gives_a_pass
from tests.browser.calls.conftest import ADMINISTRATOR, MakeDesk
from tests.browser.calls.desk import QUESTIONS, Desk
from tests.browser.calls.operator import Operator
from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.guide import Guide
from tests.browser.people import People, Phone, Student
from tests.browser.portal import PortalProcess
from tests.interface import in_da
from tests.portal_shell import run_in_portal

_TIRED = """
from datetime import timedelta
from django.utils import timezone
from mfa_sms.models import SmsDevice

phone = SmsDevice.objects.get(user__username={username!r})
phone.throttling_failure_count, phone.throttling_failure_timestamp = 12, timezone.now() - timedelta(hours=1)
phone.save()
"""
_LATER = """
from datetime import timedelta
from mfa_sms.models import SmsDevice

phone = SmsDevice.objects.get(user__username={username!r})
phone.last_generated_timestamp -= timedelta(minutes=5)
phone.save()
"""


def signs_in(steps: Guide) -> None:
    """Sign in with a code that was received. End on the page of login methods."""
    steps.to_choice()
    steps.choose()
    lets_in(steps)


def lets_in(steps: Guide) -> None:
    """Enter the received code and end on the page of login methods."""
    steps.sign_in_code()
    steps.stay(in_da("No"))
    steps.is_on(in_da("Your login methods"))


def test_a_wrong_number_is_named_and_the_one_that_the_agent_registers_gets_the_code(
    desk: Desk, guide: MakeGuide, student: Student, people: People, operator: Operator
) -> None:
    wrong, right = people.student(), people.student()
    operator.unknown.add(wrong.e164)
    steps = guide(student)
    steps.to_number()
    steps.number(wrong.number)
    desk.find(student.username)
    desk.reads_after_reload(in_da("The number does not exist"), in_da("Check the digits and the country code."))
    desk.looks()
    desk.holds_no_secret(wrong, steps.phone)
    desk.does(in_da("Register a mobile number"), country="DK", number=right.number)
    desk.reads(f"{right.masked} er registreret.")
    desk.holds_no_secret(right, Phone(steps.phone.var, right.e164))
    theirs = guide(Student(student.username, right.number, True))
    theirs.to_choice()
    theirs.press(f"Send sms til +45, nummeret der ender på {right.number[-2:]}")
    theirs.enter_code(in_da("Next"))
    theirs.registered()
    theirs.choose()
    lets_in(theirs)


def test_a_confirmed_number_that_no_longer_exists_is_replaced_with_an_access_pass(
    desk: Desk, visit: MakeVisitor, guide: MakeGuide, enrolled: Student, people: People, operator: Operator
) -> None:
    operator.unknown.add(enrolled.e164)
    steps = guide(enrolled)
    steps.to_choice()
    steps.choose()
    desk.find(enrolled.username)
    desk.reads_after_reload(in_da("The number does not exist"), in_da("Check the digits and the country code."))
    given = gives_a_pass(desk, enrolled)
    home = visit()
    theirs = guide(Student(enrolled.username, people.student().number, True), home)
    enters_pass(home, theirs, given)
    theirs.another_method(preselected=False)
    theirs.number()
    theirs.enrollment_code()
    theirs.registered()


def test_a_number_of_a_country_that_is_not_allowed_is_named_by_its_country(
    desk: Desk, guide: MakeGuide, student: Student
) -> None:
    steps = guide(student)
    steps.to_number()
    steps.number("+1 212 555 2368")
    steps.is_on(in_da("We cannot send codes to this number"))
    desk.find(student.username)
    desk.reads("Et nummer, som den studerende indtastede, blev afvist i dag ")
    desk.reads("Vi sender ikke koder til numre i USA.")
    desk.looks()
    assert "555" not in desk.content.inner_text()
    steps.page.get_by_role("link", name=in_da("Enter another number")).click()
    steps.number()
    steps.enrollment_code()
    steps.registered()
    steps.choose()
    lets_in(steps)
    desk.find(student.username)
    expect(desk.content).not_to_contain_text("blev afvist")


def test_who_is_locked_after_wrong_codes_is_unlocked_and_signs_in(
    desk: Desk, guide: MakeGuide, enrolled: Student, portal_process: PortalProcess
) -> None:
    run_in_portal(portal_process.env, _TIRED.format(username=enrolled.username))
    steps = guide(enrolled)
    steps.to_choice()
    steps.choose()
    steps.page.get_by_label(in_da("Code from text message")).fill(steps.phone.wrong_code())
    steps.press(in_da("Confirm"))
    expect(steps.page.locator(".error-summary")).to_be_visible()
    desk.find(enrolled.username)
    expect(desk.content).to_contain_text(re.compile(r"Låst efter forkerte koder indtil .+ kl\. \d\d\.\d\d"))
    desk.looks()
    desk.holds_no_secret(enrolled, steps.phone)
    desk.does(in_da("Unlock and reset failed tries"))
    desk.reads("Kontoen er låst op.")
    expect(desk.content).not_to_contain_text("Låst efter")
    signs_in(steps)


def test_a_gateway_that_it_took_out_of_service_is_named_and_the_next_one_carries_the_code(
    desk: Desk, open_desk: MakeDesk, guide: MakeGuide, enrolled: Student
) -> None:
    boss = open_desk(ADMINISTRATOR)
    takes_out(boss, "gatewayapi")
    desk.find(enrolled.username)
    desk.reads("Fejlen er hos os: It-afdelingen har taget disse sms-leverandører ud af drift: gatewayapi.")
    desk.looks()
    desk.does(in_da("Send a test message"), gateway="reserve")
    desk.reads("En test-sms til", "er på vej gennem reserve")
    desk.reads_after_reload(in_da("Test message"))
    steps = guide(enrolled)
    assert "test" in steps.phone.notice()
    signs_in(steps)
    takes_out(boss, "reserve", last=True)
    desk.visitor.page.reload()
    desk.reads("Fejlen er hos os: It-afdelingen har taget alle sms-leverandører ud af drift.")
    puts_back(boss, "reserve")
    puts_back(boss, "gatewayapi")
    desk.visitor.page.reload()
    expect(desk.content).not_to_contain_text("er hos os")


def takes_out(boss: Desk, slug: str, *, last: bool = False) -> None:
    """Disable a gateway from the list of gateways."""
    to_gateway(boss, slug)
    boss.content.get_by_role("link", name=in_da("Take out of service")).click()
    boss.looks()
    boss.visitor.page.get_by_label(in_da("Why?")).fill("Leverandøren melder om driftsstop.")
    if last:
        boss.reads("Det er den sidste sms-leverandør i drift.")
        boss.visitor.page.get_by_label("Jeg ved, at der ikke kan sendes sms'er").check()
    boss.press(in_da("Take out of service"))
    boss.reads("Taget ud af drift af Jonas Skov, i dag ", "Leverandøren melder om driftsstop.")
    boss.looks()


def puts_back(boss: Desk, slug: str) -> None:
    """Enable a gateway again."""
    to_gateway(boss, slug)
    boss.content.get_by_role("link", name=in_da("Put back in service")).click()
    boss.looks()
    boss.press(in_da("Put back in service"))
    boss.reads(in_da("In service"))


def to_gateway(boss: Desk, slug: str) -> None:
    boss.visitor.open("/admin/mfa_sms/gatewaystate/")
    boss.looks()
    boss.content.get_by_role("link", name=slug, exact=True).click()


def test_a_phone_that_is_off_is_named_and_once_it_is_on_the_code_comes(
    desk: Desk, guide: MakeGuide, enrolled: Student, operator: Operator, portal_process: PortalProcess
) -> None:
    operator.off.add(enrolled.e164)
    steps = guide(enrolled)
    steps.to_choice()
    steps.choose()
    desk.find(enrolled.username)
    desk.reads_after_reload(
        in_da("The phone cannot be reached"), in_da("Check flight mode, coverage and roaming, or restart the phone.")
    )
    desk.looks()
    desk.holds_no_secret(enrolled, steps.phone)
    operator.off.clear()
    run_in_portal(portal_process.env, _LATER.format(username=enrolled.username))
    again = steps.page.get_by_role("button", name=in_da("Send the code again"))
    if not again.is_visible():
        steps.page.locator("summary").first.click()
    again.click()
    steps.is_on(in_da("Enter the code"))
    steps.page.get_by_label(in_da("Code from text message")).fill(steps.phone.code())
    steps.press(in_da("Confirm"))
    steps.stay(in_da("No"))
    steps.is_on(in_da("Your login methods"))
    # The gateway whose message did not arrive now comes last. The phone gets messages of the other one.
    desk.reads_after_reload("reserve", in_da("Delivered to the phone"))


def test_who_was_never_enrolled_is_told_so_and_enrolls(desk: Desk, guide: MakeGuide, student: Student) -> None:
    desk.find(student.username)
    desk.reads(
        in_da("Not enrolled: sets up a method at the next login"),
        in_da("Last login"),
        in_da("never"),
        in_da("Last text message"),
        in_da("none"),
    )
    desk.looks()
    steps = guide(student)
    steps.to_number()
    steps.number()
    steps.enrollment_code()
    steps.registered()
    steps.choose()
    lets_in(steps)
    desk.find(student.username)
    desk.reads(in_da("Delivered to the phone"), in_da("Enrolled"))
    desk.holds_no_secret(student, steps.phone)


def test_the_answers_to_the_ten_questions_stand_on_the_one_page_that_the_search_opens(
    desk: Desk, open_desk: MakeDesk, guide: MakeGuide, enrolled: Student
) -> None:
    boss = open_desk(ADMINISTRATOR)
    takes_out(boss, "gatewayapi")
    steps = guide(enrolled)
    signs_in(steps)
    steps.sign_out()
    steps.begin()
    steps.account_name()
    steps.password()
    steps.choose()
    steps.page.get_by_label(in_da("Code from text message")).fill(steps.phone.wrong_code(2))
    steps.press(in_da("Confirm"))
    expect(steps.page.locator(".error-summary")).to_be_visible()
    desk.find(enrolled.username)
    puts_back(boss, "gatewayapi")
    # `pytest -s` shows these times. They measure how long the page takes, not how long a person reads.
    sys.stdout.write("".join(f"{seconds:5.2f} s  {question}\n" for question, seconds in desk.seconds.items()))
    assert desk.pages == 1
    assert set(desk.seconds) == set(QUESTIONS)
