"""What a message says, and that it fits."""

import pytest
from pytest_django.fixtures import Settings

from mfa_sms import gsm, texts
from mfa_sms.models import Purpose, SmsDevice
from mfa_sms.tests.helpers import asked, code_of
from tests.fixtures import Walk

HOST = "sms-login.ku.dk"
DANISH = {
    Purpose.ENROLL: "012345 er din engangskode til at oprette dette nummer hos KU. Del den ikke. "
    "KU ringer aldrig og beder om koden.",
    Purpose.SIGN_IN: "012345 er din engangskode til KU-login. Del den ikke. KU ringer aldrig og beder om koden.",
}
ENGLISH = {
    Purpose.ENROLL: "012345 is your code to add this number at UCPH. Do not share it. "
    "UCPH never calls to ask for the code.",
    Purpose.SIGN_IN: "012345 is your code for UCPH login. Do not share it. UCPH never calls to ask for the code.",
}


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize(("language", "words"), [("da", DANISH), ("en", ENGLISH)])
def test_a_text_says_what_was_agreed(purpose: Purpose, language: str, words: dict[Purpose, str]) -> None:
    assert texts.compose(purpose, language, "012345", HOST) == f"{words[purpose]}\n@sms-login.ku.dk #012345"


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_text_is_one_message_of_at_most_140_septets(purpose: Purpose, language: str) -> None:
    measure = gsm.measure(texts.compose(purpose, language, "000000", HOST))
    assert measure.gsm7
    assert measure.parts == 1
    assert measure.units <= texts.BUDGET == 140


def test_a_message_carries_the_code_of_its_challenge_and_the_host_of_the_portal(
    walk: Walk, phone: SmsDevice, settings: Settings
) -> None:
    settings.PORTAL_HOST = HOST
    code = code_of(asked(phone))
    message = phone.text_messages.select_related("challenge__device").get()
    assert texts.render(message).startswith(f"{code} er din engangskode")
    assert texts.render(message).endswith(f"\n@{HOST} #{code}")


def test_a_message_is_in_the_language_of_the_page_that_asked(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    walk.browser.cookies["language"] = "en"
    walk.send(phone)
    assert "is your code for UCPH login" in walk.outbox.messages[0]["text"]
    assert phone.text_messages.get().language == "en"


def test_a_message_without_a_challenge_has_no_text(phone: SmsDevice) -> None:
    asked(phone)
    message = phone.text_messages.get()
    message.challenge = None
    with pytest.raises(texts.NothingToSay):
        texts.render(message)
