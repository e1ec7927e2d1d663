"""The warnings on the pages while every gateway is out of rotation."""

import pytest

from accounts.models import Account
from mfa_sms import breaker
from mfa_sms.models import SmsDevice
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import html
from tests.fixtures import Walk

DANISH = "Vi kan ikke sende sms lige nu. Vi arbejder på det."
ENGLISH = "We cannot send text messages right now. We are working on it."
CHOOSE, PHONE = "/sign-in/verify/", "/enroll/phone/"
SAID = [("da", DANISH), ("en", ENGLISH)]


@pytest.fixture(autouse=True)
def _two_gateways(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    use(monkeypatch, FakeGateway("first"), FakeGateway("second"))


def open_circuit(*gateways: str) -> None:
    for gateway in gateways:
        breaker._open(gateway, "5 failures in a row")


@pytest.mark.parametrize(("language", "said"), SAID)
def test_the_page_that_offers_a_message_says_that_none_can_be_sent(
    walk: Walk, phone: SmsDevice, language: str, said: str
) -> None:
    open_circuit("first", "second")
    walk.browser.cookies["language"] = language
    walk.to_password(phone.user)
    assert html(walk.get(CHOOSE)).count(said) == 1


@pytest.mark.parametrize(("language", "said"), SAID)
def test_the_page_that_asks_for_a_number_says_that_no_message_can_be_sent(
    walk: Walk, student: Account, language: str, said: str
) -> None:
    open_circuit("first", "second")
    walk.browser.cookies["language"] = language
    walk.to_password(student)
    assert html(walk.get(PHONE)).count(said) == 1


@pytest.mark.parametrize("out", [[], ["first"]])
def test_while_one_gateway_is_in_service_nothing_is_said(walk: Walk, phone: SmsDevice, out: list[str]) -> None:
    open_circuit(*out)
    walk.browser.cookies["language"] = "en"
    walk.to_password(phone.user)
    assert ENGLISH not in html(walk.get(CHOOSE))


def test_while_all_rest_a_message_can_still_be_asked_for(walk: Walk, phone: SmsDevice) -> None:
    open_circuit("first", "second")
    walk.to_password(phone.user)
    assert walk.send(phone).redirect_chain == [("/sign-in/verify/code/", 302)]
