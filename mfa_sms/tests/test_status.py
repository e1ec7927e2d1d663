"""The delivery status in words."""

import pytest
from django.utils.html import escape
from pytest_django.fixtures import Settings

from accounts.models import Account
from mfa_sms.models import Challenge, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import Clock, html
from tests.fixtures import Walk

Status = TextMessage.Status
IN_QUEUE = "The text message is in the queue. Wait a minute."
SENT = "The text message has been sent. Wait a little."
# By a gateway that sends no receipts.
BLIND = "The text message has been sent. If it does not arrive within a minute, ask for it again."
SILENCE = "We do not know whether the text message has arrived. Ask for it again."
NOT_REACHED = "The phone cannot be reached. Check flight mode and coverage, or restart it."
REFUSED = "The number cannot receive text messages. Check the digits and the country code."
FAULT = "There is a fault at the provider of text messages. We are working on it."
WORDS = {
    Status.QUEUED: IN_QUEUE,
    Status.SENDING: IN_QUEUE,
    Status.SENT: BLIND,
    Status.DELIVERED: (
        "It was delivered to the phone. Check your spam folder, unknown senders and your other SIM card."
    ),
    Status.UNDELIVERABLE: NOT_REACHED,
    Status.EXPIRED: NOT_REACHED,
    Status.REJECTED: "The operator rejected the text message. It is not your fault. Call IT Support.",
    Status.CANCELLED: "The code expired before it was sent. Ask for a new one.",
    Status.FAILED: FAULT,
    Status.UNKNOWN: FAULT,
}
FAILED = {
    *(Status.UNDELIVERABLE, Status.EXPIRED, Status.REJECTED, Status.CANCELLED),
    *(Status.FAILED, Status.UNKNOWN),
}
SENT_TO = "We have sent a text message"
AT_SIGN_IN, AT_ENROLLMENT = "/sign-in/verify/code/", "/enroll/phone/code/"


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    """The configured gateway, which sends receipts."""
    gateway = FakeGateway(wants_receipts=True)
    use(monkeypatch, gateway)
    return gateway


def told(walk: Walk, path: str = AT_SIGN_IN) -> dict[str, object]:
    """Return the status that the page's script receives."""
    answer: dict[str, object] = walk.browser.get(f"{path}status/").json()
    return answer


def said(walk: Walk, path: str = AT_SIGN_IN) -> dict[str, object]:
    """Return the status that the page's script receives, after checking that the page shows the same."""
    answer = told(walk, path)
    assert escape(str(answer["text"])) in html(walk.get(path))
    return answer


def to_code_in_english(walk: Walk, phone: SmsDevice) -> None:
    walk.browser.cookies["language"] = "en"
    walk.to_code(phone)


@pytest.mark.parametrize("status", list(Status))
def test_each_status_is_said_in_plain_words(walk: Walk, phone: SmsDevice, status: str) -> None:
    to_code_in_english(walk, phone)
    TextMessage.objects.update(status=status)
    final = status not in (Status.QUEUED, Status.SENDING)
    assert said(walk) == {"text": WORDS[Status(status)], "failed": status in FAILED, "final": final}


@pytest.mark.parametrize("status", list(Status))
def test_a_message_that_failed_is_told_above_the_field_and_no_longer_called_sent(
    walk: Walk, phone: SmsDevice, status: str
) -> None:
    to_code_in_english(walk, phone)
    TextMessage.objects.update(status=status)
    above = html(walk.get(AT_SIGN_IN)).partition('name="code"')[0]
    assert (WORDS[Status(status)] in above) is (status in FAILED)
    assert (SENT_TO in above) is (status not in FAILED)


def test_a_message_that_no_gateway_has_taken_yet_is_said_to_be_tried_again(walk: Walk, phone: SmsDevice) -> None:
    to_code_in_english(walk, phone)
    TextMessage.objects.update(status=Status.QUEUED, error="unavailable", tries=1)
    again = "We could not send the text message yet. We keep trying until the code expires."
    assert said(walk) == {"text": again, "failed": False, "final": False}
    assert "We are sending a text message" in html(walk.get(AT_SIGN_IN))


def test_a_message_that_is_queued_for_long_is_not_called_sent(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    to_code_in_english(walk, phone)
    TextMessage.objects.update(status=Status.QUEUED)
    assert SENT_TO in html(walk.get(AT_SIGN_IN))
    clock.forward(11)
    assert "We are sending a text message" in html(walk.get(AT_SIGN_IN))


@pytest.mark.parametrize("status", list(Status))
def test_each_status_is_said_in_danish(walk: Walk, phone: SmsDevice, status: str) -> None:
    walk.to_code(phone)
    TextMessage.objects.update(status=status)
    assert said(walk)["text"] not in WORDS.values()


def test_a_number_that_was_refused_is_to_be_checked(walk: Walk, phone: SmsDevice) -> None:
    to_code_in_english(walk, phone)
    TextMessage.objects.update(status=Status.REJECTED, error="refused")
    assert said(walk) == {"text": REFUSED, "failed": True, "final": True}


@pytest.mark.usefixtures("reported")
def test_a_sent_message_waits_for_its_receipt(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    to_code_in_english(walk, phone)
    assert said(walk) == {"text": SENT, "failed": False, "final": False}
    clock.forward(600)
    assert told(walk) == {"text": SENT, "failed": False, "final": False}
    clock.forward(1)
    assert told(walk) == {"text": SILENCE, "failed": False, "final": False}


def test_where_no_receipts_come_none_is_waited_for(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    to_code_in_english(walk, phone)
    clock.forward(601)
    assert told(walk) == {"text": BLIND, "failed": False, "final": True}


@pytest.mark.usefixtures("reported")
def test_of_a_gateway_that_is_no_longer_configured_no_receipt_is_waited_for(walk: Walk, phone: SmsDevice) -> None:
    to_code_in_english(walk, phone)
    TextMessage.objects.update(gateway="the-one-before")
    assert said(walk) == {"text": BLIND, "failed": False, "final": True}


def test_the_status_is_said_at_enrollment_too(walk: Walk, student: Account) -> None:
    walk.to_password(student).number()
    answer = said(walk, AT_ENROLLMENT)
    assert (answer["failed"], answer["final"]) == (False, True)
    assert "Sms'en er sendt." in str(answer["text"])


@pytest.mark.parametrize("path", [AT_SIGN_IN, AT_ENROLLMENT])
def test_without_a_message_there_is_nothing_to_say(walk: Walk, student: Account, path: str) -> None:
    nothing = {"text": "", "failed": False, "final": True}
    assert walk.browser.get(f"{path}status/").json() == nothing
    walk.name(student)
    assert walk.browser.get(f"{path}status/").json() == nothing
    walk.password()
    assert walk.browser.get(f"{path}status/").json() == nothing


@pytest.mark.parametrize("path", [AT_SIGN_IN, AT_ENROLLMENT])
def test_the_status_can_only_be_read(walk: Walk, phone: SmsDevice, path: str) -> None:
    walk.to_code(phone)
    assert walk.browser.post(f"{path}status/").status_code == 405


def test_the_status_is_that_of_this_browsers_message(walk: Walk, another_walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    another_walk.to_password(phone.user)
    assert another_walk.browser.get(f"{AT_SIGN_IN}status/").json()["text"] == ""


def test_a_code_whose_key_was_removed_is_replaced_when_it_is_asked_for_again(
    clock: Clock, walk: Walk, phone: SmsDevice, settings: Settings
) -> None:
    walk.to_code(phone)
    settings.SMS_CODE_KEYS = ["n" * 40]
    assert "Koden er udløbet. Bed om en ny." in html(walk.code())
    clock.forward(31)
    walk.send(phone)
    assert len(walk.outbox.codes) == 2
    assert "Vil du forblive logget ind" in html(walk.code())


def test_a_page_whose_challenge_is_gone_leads_to_where_a_code_can_be_asked_for(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    Challenge.objects.all().delete()
    assert walk.get(AT_SIGN_IN).redirect_chain[-1][0] == "/sign-in/verify/"
