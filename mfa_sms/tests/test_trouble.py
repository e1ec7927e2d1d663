"""The warnings on the pages while every gateway is out of rotation."""

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Account
from mfa_sms import breaker
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import html
from mfa_totp.tests.helpers import app_of
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


@pytest.mark.parametrize(("language", "said"), SAID)
def test_a_message_that_no_gateway_can_send_is_not_said_to_be_sent(
    walk: Walk, phone: SmsDevice, language: str, said: str
) -> None:
    walk.browser.cookies["language"] = language
    walk.to_code(phone)
    TextMessage.objects.update(status=TextMessage.Status.QUEUED)
    open_circuit("first", "second")
    page = html(walk.get("/sign-in/verify/code/"))
    with translation.override(language):
        sent = _(
            "We have sent a text message with a 6-digit code to the number ending in %(last_two)s. "
            "It works until %(expires)s."
        )
        assert sent.partition("%")[0] not in page
        assert _("Use another method if you have one.") in page
    assert page.count(said) == 1


def test_during_an_outage_the_other_methods_are_unfolded(walk: Walk, phone: SmsDevice) -> None:
    app_of(phone.user)
    Account.objects.filter(pk=phone.user_id).update(first_device=phone.persistent_id)
    walk.to_password(phone.user)
    assert "<details open>" not in html(walk.get(CHOOSE))
    open_circuit("first", "second")
    assert "<details open>" in html(walk.get(CHOOSE))
