"""A service may request a fresh second factor, or no page at all."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from accounts.models import Account
from mfa_sms.models import SmsDevice
from sign_in import journeys
from sso.tests.oidc.service import Service, acr, back, go_on, reasons, register, target
from tests.fixtures import Walk


def prove_again(walk: Walk, phone: SmsDevice) -> Any:
    """Verify the second factor on the pages that a request has led to. Return the last response."""
    walk.send(phone)
    return walk.browser.post(f"{walk.journey}/sign-in/verify/code/", {"code": walk.outbox.codes[-1]})


def must_prove(walk: Walk, address: str) -> bool:
    """Open the request of a service. Return whether it leads to the second factor."""
    return journeys.split(walk.get(address).request["PATH_INFO"])[1] == "/sign-in/verify/"


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(time.time(), tick=False)
    return time_machine


def test_a_service_that_wants_no_page_hears_that_nobody_is_signed_in(walk: Walk, service: Service) -> None:
    answer = back(walk.browser.get(service.address(prompt="none")))
    assert (answer["error"], answer["state"]) == ("login_required", "a state")
    assert "code" not in answer


def test_a_service_that_wants_no_page_gets_its_code(person: Walk, service: Service) -> None:
    assert "code" in back(person.browser.get(service.address(prompt="none")))


def test_a_service_that_wants_no_page_hears_that_the_proof_is_too_old(
    clock: TimeMachineFixture, person: Walk, service: Service
) -> None:
    clock.shift(timedelta(seconds=61))
    assert back(person.browser.get(service.address(prompt="none", max_age="60")))["error"] == "login_required"


@pytest.mark.parametrize(("age", "fresh"), [(0, True), (60, True), (61, False)])
def test_a_proof_is_fresh_up_to_the_second_that_the_service_says(
    clock: TimeMachineFixture, person: Walk, service: Service, age: int, fresh: bool
) -> None:
    clock.shift(timedelta(seconds=age))
    response = person.browser.get(service.address(max_age="60"))
    assert response["Location"].startswith("https://mail.example.dk") == fresh
    assert response["Location"].endswith("/sign-in/verify/") != fresh


def test_a_service_may_always_want_a_young_proof(clock: TimeMachineFixture, person: Walk, service: Service) -> None:
    service.client.max_sign_in_age = 300
    service.client.save()
    clock.shift(timedelta(seconds=301))
    assert must_prove(person, service.address())
    assert must_prove(person, service.address(max_age="9999"))


@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "0"}])
def test_who_proves_again_because_a_service_asks_is_asked_once(
    clock: TimeMachineFixture, person: Walk, phone: SmsDevice, service: Service, asked: dict[str, str | None]
) -> None:
    clock.shift(timedelta(minutes=10))
    address = service.address(**asked)
    assert must_prove(person, address)
    response = prove_again(person, phone)
    clock.shift(timedelta(seconds=5))
    code = back(go_on(person.browser, response))["code"]
    said = service.read(service.change(code).json()["id_token"])
    assert said["auth_time"] == int(time.time()) - 5
    assert said["amr"] == ["sms"]  # the password was typed earlier


def test_the_next_request_of_that_kind_asks_again(
    clock: TimeMachineFixture, person: Walk, phone: SmsDevice, service: Service
) -> None:
    clock.shift(timedelta(minutes=10))
    person.get(service.address(prompt="login"))
    back(go_on(person.browser, prove_again(person, phone)))
    clock.shift(timedelta(minutes=10))
    assert must_prove(person, service.address(prompt="login"))


def test_a_proof_for_one_request_is_none_for_another_that_asks_later(
    clock: TimeMachineFixture, person: Walk, phone: SmsDevice, service: Service
) -> None:
    clock.shift(timedelta(minutes=10))
    person.get(service.address(prompt="login"))
    prove_again(person, phone)
    clock.shift(timedelta(seconds=1))
    assert must_prove(person, service.address(prompt="login", state="another"))


def test_who_turns_away_from_the_proof_gets_no_code(clock: TimeMachineFixture, person: Walk, service: Service) -> None:
    clock.shift(timedelta(minutes=10))
    address = service.address(prompt="login")
    person.browser.get(address)
    assert must_prove(person, address)


def test_a_proof_that_was_given_later_for_something_else_does_not_last(
    clock: TimeMachineFixture, person: Walk, phone: SmsDevice, service: Service
) -> None:
    clock.shift(timedelta(minutes=10))
    address = service.address(prompt="login")
    person.get(address)
    prove_again(person, phone)
    clock.shift(timedelta(minutes=21))
    assert must_prove(person, address)


@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "0"}])
def test_a_whole_sign_in_is_proof_enough(
    clock: TimeMachineFixture, walk: Walk, phone: SmsDevice, service: Service, asked: dict[str, str | None]
) -> None:
    address = service.address(**asked)
    walk.browser.get(address)
    walk.name(phone.user, address)
    walk.password()
    walk.send(phone)
    walk.code()
    clock.shift(timedelta(seconds=5))
    response = walk.browser.post("/sign-in/stay/", {"stay": "no"})
    assert "code" in back(go_on(walk.browser, response))


def test_the_token_says_when_and_by_what_the_person_signed_in(
    clock: TimeMachineFixture, person: Walk, service: Service
) -> None:
    signed_in = int(time.time())
    clock.shift(timedelta(minutes=30))
    said = service.claims(person.browser)
    assert said["auth_time"] == signed_in
    assert said["amr"] == ["pwd", "sms", "mfa"]
    assert said["acr"] == "https://refeds.org/profile/mfa"
    assert (said["nonce"], said["iat"]) == ("a nonce", int(time.time()))


def test_new_tokens_say_when_the_person_signed_in_and_not_when_they_were_made(
    clock: TimeMachineFixture, person: Walk, service: Service
) -> None:
    signed_in = int(time.time())
    first = service.tokens(person.browser)
    clock.shift(timedelta(minutes=30))
    said = service.read(service.refresh(first["refresh_token"]).json()["id_token"])
    assert (said["auth_time"], said["amr"]) == (signed_in, ["pwd", "sms", "mfa"])


def test_what_we_give_may_be_asked_for_as_essential(person: Walk, service: Service) -> None:
    wanted = acr("urn:example:gold", "https://refeds.org/profile/mfa")
    assert "code" in back(person.browser.get(service.address(claims=wanted)))


def test_what_we_cannot_give_is_refused_where_it_is_essential(person: Walk, service: Service) -> None:
    answer = back(person.browser.get(service.address(claims=acr("urn:example:gold"))))
    assert answer["error"] == "unmet_authentication_requirements"
    assert reasons() == ["acr"]


def test_what_we_cannot_give_is_passed_over_where_it_is_not(person: Walk, service: Service) -> None:
    wanted = acr("urn:example:gold", essential=False)
    assert "code" in back(person.browser.get(service.address(claims=wanted, acr_values="urn:example:gold")))


def test_two_tabs_with_two_services_each_get_their_own(person: Walk, service: Service) -> None:
    other = register("Other")
    codes = [service.code(person.browser, state="1"), other.code(person.browser, state="2")]
    assert other.change(codes[1]).status_code == 200
    assert service.change(codes[0]).status_code == 200


def test_a_session_key_that_somebody_has_planted_is_none_after_the_sign_in(
    walk: Walk, another_walk: Walk, phone: SmsDevice, service: Service
) -> None:
    walk.get(service.address(prompt="login"))
    planted = walk.browser.cookies["session"].value
    walk.signed_in(phone)
    another_walk.browser.cookies["session"] = planted
    assert 'name="account_name"' in another_walk.browser.get(service.address()).content.decode()


def test_who_is_signed_in_as_somebody_else_than_expected_is_asked(
    person: Walk, service: Service, employee: Account
) -> None:
    address = service.address(login_hint=str(employee.account_name))
    page = person.browser.get(address).content.decode()
    assert "stu123@alumni.ku.dk" in page
    onward = person.browser.get(person.browser.post(address, {"answer": "another"})["Location"])
    assert target(onward) == address
    assert 'name="account_name"' in person.browser.get(target(onward)).content.decode()


def test_who_goes_on_as_who_is_signed_in_gets_to_the_service(person: Walk, service: Service, employee: Account) -> None:
    page = person.browser.get(service.address(login_hint=str(employee.account_name))).content.decode()
    link = page.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "code" in back(person.browser.get(link))


@pytest.mark.parametrize("hint", ["stu123", "stu123@alumni.ku.dk", "STU123@alumni.ku.dk", "stu123@example.org"])
def test_who_is_expected_is_asked_nothing(person: Walk, service: Service, hint: str) -> None:
    assert "code" in back(person.browser.get(service.address(login_hint=hint)))


def test_a_service_that_wants_no_page_hears_that_somebody_else_is_signed_in(
    person: Walk, service: Service, employee: Account
) -> None:
    address = service.address(login_hint=str(employee.account_name), prompt="none")
    assert back(person.browser.get(address))["error"] == "login_required"


def test_the_choice_of_another_username_comes_from_our_own_page_alone(person: Walk, service: Service) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = person.browser.cookies
    assert browser.post(service.address(), {"answer": "another"}).status_code == 403
