"""What became of the message, in words."""

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Account
from mfa_sms.models import Challenge, SmsDevice, TextMessage
from mfa_sms.tests.helpers import Clock, html
from tests.fixtures import Walk

Status = TextMessage.Status
WORDS = {
    Status.QUEUED: "Sms'en er i kø. Vent et minut.",
    Status.SENDING: "Sms'en er i kø. Vent et minut.",
    Status.SENT: "Sms'en er sendt. Vent lidt.",
    Status.REJECTED: "Nummeret kunne ikke modtage sms'en. Tjek cifrene og landekoden.",
    Status.CANCELLED: "Koden udløb, før den blev sendt. Bed om en ny.",
    Status.FAILED: "Der er fejl hos sms-leverandøren. Vi arbejder på det.",
    Status.UNKNOWN: "Der er fejl hos sms-leverandøren. Vi arbejder på det.",
}
AT_SIGN_IN, AT_ENROLLMENT = "/sign-in/verify/code/", "/enroll/phone/code/"


@pytest.mark.parametrize("status", list(Status))
def test_each_status_is_said_in_plain_words(walk: Walk, phone: SmsDevice, status: str) -> None:
    walk.to_code(phone)
    TextMessage.objects.update(status=status)
    said = walk.browser.get(f"{AT_SIGN_IN}status/").json()
    assert said == {"text": WORDS[Status(status)], "final": status not in (Status.QUEUED, Status.SENDING)}
    assert WORDS[Status(status)].replace("'", "&#x27;") in html(walk.get(AT_SIGN_IN))


def test_the_status_is_said_at_enrollment_too(walk: Walk, student: Account) -> None:
    walk.to_password(student).number()
    assert walk.browser.get(f"{AT_ENROLLMENT}status/").json() == {"text": WORDS[Status.SENT], "final": True}


@pytest.mark.parametrize("path", [AT_SIGN_IN, AT_ENROLLMENT])
def test_without_a_message_there_is_nothing_to_say(walk: Walk, student: Account, path: str) -> None:
    nothing = {"text": "", "final": True}
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
