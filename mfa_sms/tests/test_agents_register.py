"""An agent registers a number for a student, who confirms it at the next sign-in without typing it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber
from pytest_django.fixtures import Settings

from accounts.models import Account
from common.client_info import ClientInfo
from mfa_sms import enrollment, sending
from mfa_sms.models import HumanCheck, SmsDevice, TextMessage
from mfa_sms.tests.agents import WHOLE, Agent, acted, traces
from mfa_sms.tests.helpers import html, kinds, pending_of
from notices.models import Notice
from sign_in.methods import device_rows
from tests.fixtures import MakeAccount, Walk, confirmed_phone

TYPED = {"country": "DK", "number": "26 12 34 78"}


@pytest.fixture
def agent(another_walk: Walk, helpdesk: Account) -> Agent:
    return Agent(another_walk, helpdesk)


@pytest.fixture
def waiting(agent: Agent, student: Account) -> SmsDevice:
    agent.does("register-number", student, **TYPED)
    device: SmsDevice = SmsDevice.objects.get(user=student)
    return device


def test_it_is_unconfirmed_with_one_event_and_a_mail_and_nothing_is_sent(agent: Agent, waiting: SmsDevice) -> None:
    assert (waiting.number.as_e164, waiting.confirmed, waiting.by_agent) == ("+4526123478", False, True)
    assert acted() == [("register-number", "mitid · INC1234 · +45 •• •• •• 78")]
    assert kinds(waiting.user) == [("helpdesk_action_performed", "register-number")]
    assert [notice.kind for notice in Notice.objects.all()] == ["helpdesk_action_performed"]
    assert not TextMessage.objects.exists()
    assert not WHOLE.search(traces())


def test_the_agent_sees_it_masked_and_that_it_waits(agent: Agent, waiting: SmsDevice) -> None:
    page = agent.page(waiting.user)
    assert "IT Support has registered +45 •• •• •• 78" in page
    assert not WHOLE.search(page)


def test_after_the_password_the_student_is_offered_a_code_to_it(walk: Walk, waiting: SmsDevice) -> None:
    walk.name(waiting.user)
    response = walk.password()
    assert response.redirect_chain[-1][0] == "/enroll/phone/"
    assert "+45 •• •• •• 78" in html(response)
    assert 'name="number"' not in html(response)
    assert walk.outbox.messages == []


def test_the_right_code_confirms_it_and_the_flow_goes_on(walk: Walk, waiting: SmsDevice) -> None:
    walk.to_password(waiting.user)
    walk.browser.post("/enroll/phone/send/")
    assert [message["to"] for message in walk.outbox.messages] == ["+4526123478"]
    assert walk.enroll_code().redirect_chain[-1][0] == "/enroll/done/"
    waiting.refresh_from_db()
    assert waiting.confirmed
    assert kinds(waiting.user, "device_enrolled") == [("device_enrolled", "")]
    walk.done()
    SmsDevice.objects.update(last_generated_timestamp=None)
    walk.send(waiting)
    walk.code()
    walk.stay()
    assert walk.browser.get("/security-info/").status_code == 200


def test_whoever_has_the_password_never_sees_it_whole(walk: Walk, waiting: SmsDevice) -> None:
    """SECURITY: no page shows it, whatever is posted."""
    walk.to_password(waiting.user)
    pages = [walk.get("/enroll/phone/"), walk.browser.post("/enroll/phone/send/", follow=True)]
    pages += [walk.get("/enroll/phone/code/"), walk.enroll_code("000000"), walk.get("/enroll/phone/check/")]
    pages += [walk.number("26 12 34 99"), walk.get("/enroll/methods/"), walk.get("/enroll/phone/code/status/")]
    for page in pages:
        assert not WHOLE.search(html(page))
    code_page = html(walk.get("/enroll/phone/code/"))
    assert "nummeret, der ender på 78" in code_page
    assert "Ret nummeret" not in code_page


def test_another_number_is_not_taken_and_says_whom_to_call(walk: Walk, waiting: SmsDevice) -> None:
    walk.to_password(waiting.user)
    walk.browser.cookies["language"] = "en"
    response = walk.number("26 12 34 99")
    assert "Not your number? Call IT Support" in html(response)
    assert SmsDevice.objects.get().number.as_e164 == "+4526123478"
    assert walk.outbox.messages == []


def test_a_tab_that_was_open_before_cannot_replace_it_either(waiting: SmsDevice) -> None:
    pending = pending_of(waiting.user)
    assert enrollment.enter_number(pending, PhoneNumber.from_string("+4526123499"), ClientInfo()) is None
    assert SmsDevice.objects.get().number.as_e164 == "+4526123478"


def test_the_right_number_that_is_guessed_is_not_shown_to_be_right(walk: Walk, waiting: SmsDevice) -> None:
    walk.to_password(waiting.user)
    right, wrong = walk.number("26 12 34 78"), walk.number("26 12 34 99")
    assert right.redirect_chain == wrong.redirect_chain
    walk.browser.post("/enroll/phone/send/")
    assert not WHOLE.search(html(walk.get("/enroll/phone/code/")))


def test_a_human_check_stands_before_it_as_before_any_third_number(walk: Walk, agent: Agent, student: Account) -> None:
    for number in ("26 12 34 71", "26 12 34 72"):
        walk.to_password(student).number(number)
    agent.does("register-number", student, **TYPED)
    response = walk.browser.post("/enroll/phone/send/", follow=True)
    assert response.redirect_chain[-1][0] == "/enroll/phone/check/"
    HumanCheck.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert walk.browser.post("/enroll/phone/check/", follow=True).redirect_chain[-1][0] == "/enroll/phone/code/"
    assert walk.outbox.messages[-1]["to"] == "+4526123478"


def test_it_takes_the_place_of_what_the_student_typed_with_its_wrong_codes(
    walk: Walk, agent: Agent, student: Account
) -> None:
    walk.to_password(student).number("26 12 34 71")
    SmsDevice.objects.update(throttling_failure_count=100, disabled_at=timezone.now())
    agent.does("register-number", student, **TYPED)
    device = SmsDevice.objects.get()
    assert (device.number.as_e164, device.failures, device.disabled_at) == ("+4526123478", 0, None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"number": ""}, "Enter the mobile number."),
        ({"number": "12"}, "A Danish mobile number has 8 digits."),
        ({"number": "+1 202 555 0123"}, "We do not send codes to numbers in that country (United States)."),
        ({"number": "90 12 34 56"}, "It is not an ordinary mobile number"),
        ({"proof": ""}, "Say how you checked the person’s identity."),
        ({"note": "26 12 34 78"}, "Do not write a phone number in the note."),
    ],
)
def test_what_is_wrong_is_an_error_of_the_form(
    agent: Agent, student: Account, typed: dict[str, str], said: str
) -> None:
    assert said in html(agent.does("register-number", student, **{**TYPED, **typed}))
    assert not SmsDevice.objects.exists()
    assert acted() == []


def test_who_has_a_method_gets_no_second_one_from_an_agent(agent: Agent, phone: SmsDevice) -> None:
    assert "Give the student an access pass instead" in html(agent.does("register-number", phone.user, **TYPED))
    assert SmsDevice.objects.count() == 1
    assert "Register a mobile number" not in agent.page(phone.user)


def test_r1_no_number_is_registered_for_an_employee(agent: Agent, employee: Account) -> None:
    assert "for students only" in html(agent.does("register-number", employee, **TYPED))
    assert not SmsDevice.objects.exists()


def test_a_number_is_on_no_more_accounts_than_one_may_be_on(
    agent: Agent, student: Account, make_account: MakeAccount, settings: Settings
) -> None:
    settings.SMS_ACCOUNTS_PER_NUMBER = 1
    confirmed_phone(make_account("stu999", is_student=True))
    assert "on the maximum number of accounts" in html(agent.does("register-number", student, **TYPED))
    assert not SmsDevice.objects.filter(user=student).exists()


def test_a_reset_takes_it_away_and_the_student_may_type_one(walk: Walk, agent: Agent, waiting: SmsDevice) -> None:
    device_rows.delete_all(waiting.user_id)
    walk.to_password(waiting.user)
    assert 'name="number"' in html(walk.get("/enroll/phone/"))


def test_who_is_signed_in_by_another_method_adds_the_number_they_like(waiting: SmsDevice) -> None:
    adding = replace(pending_of(waiting.user), purpose="add", proven_at=timezone.now().timestamp())
    asked = enrollment.enter_number(adding, PhoneNumber.from_string("+4526123499"), ClientInfo())
    assert isinstance(asked, sending.Queued)
    device = SmsDevice.objects.get()
    assert (device.number.as_e164, device.by_agent) == ("+4526123499", False)
