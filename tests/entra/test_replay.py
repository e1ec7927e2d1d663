"""Each request counts once, and each attempt gets one response."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from mfa_sms.models import SmsDevice
from sso.models import EntraAttempt
from tests.entra.conftest import Carrier, answer_of, refused
from tests.entra.standin import AnswerRefused, User


def test_the_same_request_again_is_refused(carrier: Carrier, make_carrier: Callable[[], Carrier], user: User) -> None:
    fields = carrier.entra.ask(user)
    carrier.arrive(fields)
    page = make_carrier().arrive(fields)
    assert page.status_code == 409
    assert refused() == [("replayed", None)]
    assert EntraAttempt.objects.count() == 1


def test_a_reload_of_the_request_continues_in_the_browser_that_opened_it(
    carrier: Carrier, user: User, phone: SmsDevice
) -> None:
    fields = carrier.entra.ask(user)
    carrier.arrive(fields)
    assert carrier.arrive(fields).redirect_chain[-1][0] == "/sign-in/verify/"
    assert carrier.back(carrier.by_sms(phone)) == user
    assert carrier.arrive(fields).status_code == 409  # answered


def test_the_same_hint_with_another_nonce_is_refused(carrier: Carrier, user: User) -> None:
    hint = carrier.entra.hint(user)
    carrier.arrive(carrier.entra.ask(user, hint))
    carrier.arrive(carrier.entra.ask(user, hint))
    assert refused() == [("replayed", None)]


def test_another_spelling_of_the_same_hint_is_refused(carrier: Carrier, user: User) -> None:
    hint = carrier.entra.hint(user)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    # A signature of 256 bytes leaves four bits of the last character unused.
    respelled = hint[:-1] + alphabet[alphabet.index(hint[-1]) ^ 1]
    carrier.arrive(carrier.entra.ask(user, hint))
    carrier.arrive(carrier.entra.ask(user, respelled))
    assert len(refused()) == 1
    assert EntraAttempt.objects.count() == 1


def test_the_same_nonce_and_state_with_another_hint_are_refused(carrier: Carrier, user: User) -> None:
    first = carrier.entra.ask(user)
    carrier.arrive(first)
    carrier.arrive(carrier.entra.ask(user, nonce=first["nonce"], state=first["state"]))
    assert refused() == [("replayed", None)]


def test_an_attempt_is_answered_once(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    location = carrier.post(carrier.entra.ask(user))["Location"]
    carrier.browser.get(location, follow=True)
    assert carrier.back(carrier.by_sms(phone)) == user
    for page in (carrier.browser.get(location), carrier.browser.post(location)):
        assert page.status_code == 409
        assert "Start forfra" in page.content.decode()


def test_a_second_click_gets_a_page(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    carrier.arrive(carrier.entra.ask(user))
    carrier.by_sms(phone)
    assert carrier.walk.code().status_code == 409


def test_a_reload_of_the_address_ends_nothing(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    location = carrier.post(carrier.entra.ask(user))["Location"]
    carrier.browser.get(location, follow=True)
    carrier.walk.send(phone)
    carrier.browser.get(location, follow=True)
    assert carrier.back(carrier.walk.code()) == user


def test_another_browser_cannot_open_the_address(
    carrier: Carrier, make_carrier: Callable[[], Carrier], user: User, phone: SmsDevice
) -> None:
    location = carrier.post(carrier.entra.ask(user))["Location"]
    page = make_carrier().browser.get(location, follow=True)
    assert page.status_code == 409
    assert "Start forfra" in page.content.decode()
    carrier.browser.get(location, follow=True)
    assert carrier.back(carrier.by_sms(phone)) == user


@pytest.mark.parametrize("where", ["arriving", "choosing", "code"])
def test_after_five_minutes_it_is_too_late(
    carrier: Carrier, user: User, phone: SmsDevice, time_machine: TimeMachineFixture, where: str
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    location = carrier.post(carrier.entra.ask(user))["Location"]
    if where != "arriving":
        carrier.browser.get(location, follow=True)
    if where == "code":
        carrier.walk.send(phone)
    time_machine.shift(300)
    late: dict[str, Callable[[], Any]] = {
        "arriving": lambda: carrier.browser.get(location),
        "choosing": lambda: carrier.walk.send(phone),
        "code": carrier.walk.code,
    }
    for _again in range(2):
        page = late[where]()
        assert page.status_code == 409
        assert "Start forfra" in page.content.decode()
    assert [reason for reason, _account in refused()] == ["expired"]


def test_the_tenant_takes_no_answer_that_is_not_its_own(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    carrier.arrive(carrier.entra.ask(user))
    answer = answer_of(carrier.by_sms(phone))
    other = carrier.entra.ask(user)
    with pytest.raises(AnswerRefused, match="nonce"):
        carrier.entra.judge({**answer, "state": other["state"]})
