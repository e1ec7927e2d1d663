"""The texts of messages, and that they fit."""

import pytest
from django.conf import settings as django_settings
from django.utils.translation import gettext, override
from phonenumber_field.phonenumber import PhoneNumber
from pytest_django.fixtures import Settings

from mfa_sms import gsm, texts
from mfa_sms.budgets import CODE_BUDGET, LONGEST_HOST
from mfa_sms.models import Challenge, Purpose, SmsDevice, TextMessage
from mfa_sms.tests.helpers import asked, code_of
from tests.fixtures import Walk

HOST = "sms-login.ku.dk"
SIGN_IN = "%(code)s is your code for UCPH login. Never share the code. UCPH never calls to ask for the code."


# The code of a caller has a text of its own, which no browser fills in: `helpdesk.tests.test_caller_codes`.
LOGIN_CODES = [purpose for purpose in Purpose if purpose is not Purpose.CALLER]


@pytest.mark.parametrize("purpose", LOGIN_CODES)
def test_a_code_comes_first_and_the_last_line_binds_it_to_the_host(purpose: Purpose) -> None:
    first, last = texts.compose(purpose, "da", "012345", HOST).split("\n")
    assert first.startswith("012345 ")
    assert last == "@sms-login.ku.dk #012345"


@pytest.mark.parametrize("language", dict(django_settings.LANGUAGES))
def test_each_purpose_has_a_text_of_its_own(language: str) -> None:
    assert len({texts.compose(purpose, language, "012345", HOST) for purpose in Purpose}) == len(Purpose)


@pytest.mark.parametrize("purpose", LOGIN_CODES)
@pytest.mark.parametrize("language", dict(django_settings.LANGUAGES))
def test_a_text_is_one_message_of_at_most_140_septets(purpose: Purpose, language: str) -> None:
    measure = gsm.measure(texts.compose(purpose, language, "000000", "h" * LONGEST_HOST))
    assert measure.gsm7
    assert measure.parts == 1
    assert measure.units <= CODE_BUDGET == 140


def test_a_message_carries_the_code_of_its_challenge_and_the_host_of_the_portal(
    walk: Walk, phone: SmsDevice, settings: Settings
) -> None:
    settings.PORTAL_HOST = HOST
    code = code_of(asked(phone))
    message = phone.text_messages.select_related("challenge__device").get()
    assert texts.render(message).startswith(f"{code} ")
    assert texts.render(message).endswith(f"\n@{HOST} #{code}")


def test_a_message_is_in_the_language_of_the_page_that_asked(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    walk.browser.cookies["language"] = "en"
    walk.send(phone)
    with override("en"):
        said = gettext(SIGN_IN) % {"code": ""}
    assert said in walk.outbox.messages[0]["text"]
    assert phone.text_messages.get().language == "en"


def unsent(phone: SmsDevice) -> TextMessage:
    """Return a message with a valid code."""
    asked(phone)
    return TextMessage.objects.select_related("challenge__device").get()


def test_a_message_without_a_challenge_has_no_text(phone: SmsDevice) -> None:
    message = unsent(phone)
    message.challenge = None
    with pytest.raises(texts.NothingToSay, match="ended"):
        texts.render(message)


@pytest.mark.parametrize("outcome", [outcome for outcome in Challenge.Outcome if outcome])
def test_a_message_whose_challenge_has_ended_has_no_text(phone: SmsDevice, outcome: str) -> None:
    message = unsent(phone)
    assert message.challenge is not None
    message.challenge.outcome = outcome
    with pytest.raises(texts.NothingToSay, match="ended"):
        texts.render(message)


def test_a_message_to_a_number_that_was_corrected_has_no_text(phone: SmsDevice) -> None:
    message = unsent(phone)
    message.number = PhoneNumber.from_string("+4526123479")
    with pytest.raises(texts.NothingToSay, match="number_changed"):
        texts.render(message)


def test_a_message_whose_key_was_removed_has_no_text(phone: SmsDevice, settings: Settings) -> None:
    message = unsent(phone)
    settings.SMS_CODE_KEYS = ["n" * 40]
    with pytest.raises(texts.NothingToSay, match="no_key"):
        texts.render(message)
