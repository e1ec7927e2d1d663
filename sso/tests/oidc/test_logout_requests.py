"""Valid and invalid requests of services to the logout endpoint."""

import time
from datetime import timedelta

import pytest
from django.utils.translation import gettext, override
from time_machine import TimeMachineFixture

from mfa_sms.models import SmsDevice
from sso import keys
from sso.models import SigningKey
from sso.tests.oidc.service import Service
from tests.fixtures import Walk
from tests.helpers import is_signed_in

OUT = "https://mail.example.dk/out"


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(time.time(), tick=False)
    return time_machine


@pytest.fixture
def known(service: Service) -> Service:
    service.client.post_logout_redirect_uris = OUT
    service.client.save()
    return service


def leave(walk: Walk, hint: str) -> str:
    """Ask for the logout with this ID token. Return where it leads."""
    response = walk.browser.get("/oidc/logout/", {"id_token_hint": hint, "post_logout_redirect_uri": OUT})
    return str(response["Location"] if response.has_header("Location") else response.status_code)


def test_an_id_token_of_a_retired_key_still_signs_out(
    clock: TimeMachineFixture, walk: Walk, phone: SmsDevice, known: Service
) -> None:
    walk.to_code(phone).code()
    walk.browser.post("/sign-in/stay/", {"stay": "yes"})
    token = known.tokens(walk.browser)["id_token"]
    keys.rotate(SigningKey.Use.OIDC)
    clock.shift(timedelta(days=2, hours=2))
    published = {key["kid"] for key in keys.jwks(SigningKey.Use.OIDC)["keys"]}
    assert SigningKey.objects.order_by("pk")[0].key_id not in published
    walk.browser.get("/")
    assert leave(walk, token) == OUT
    assert not is_signed_in(walk.browser)


def test_a_key_that_has_leaked_verifies_nothing(person: Walk, known: Service) -> None:
    token = known.tokens(person.browser)["id_token"]
    keys.rotate(SigningKey.Use.OIDC, at_once=True)
    assert leave(person, token) == "400"
    assert is_signed_in(person.browser)


def test_a_key_that_has_retired_before_a_leak_verifies_nothing_afterwards(
    clock: TimeMachineFixture, person: Walk, known: Service
) -> None:
    token = known.tokens(person.browser)["id_token"]
    keys.rotate(SigningKey.Use.OIDC)
    clock.shift(timedelta(days=2, hours=2))
    keys.rotate(SigningKey.Use.OIDC, at_once=True)
    assert leave(person, token) == "400"


def test_who_is_not_signed_in_is_not_told_to_log_out(walk: Walk, known: Service) -> None:
    walk.browser.cookies["language"] = "en"
    page = walk.browser.get("/oidc/logout/", {"post_logout_redirect_uri": "https://evil.example/"})
    with override("en"):
        assert gettext("You are logged out.") in page.content.decode()
        assert gettext("You are not logged out yet. You can log out here.") not in page.content.decode()


def test_the_page_of_the_logout_is_in_the_language_of_the_service_if_the_person_has_none(
    person: Walk, known: Service
) -> None:
    del person.browser.cookies["language"]
    session = person.browser.session
    session.pop("account_language", None)
    session.save()
    assert person.browser.get("/oidc/logout/", {"ui_locales": "en"})["Content-Language"] == "en"


def test_a_service_may_post_its_request(person: Walk, known: Service) -> None:
    token = known.tokens(person.browser)["id_token"]
    response = person.browser.post("/oidc/logout/", {"id_token_hint": token, "post_logout_redirect_uri": OUT})
    assert response.status_code == 303
    assert person.browser.get(response["Location"])["Location"] == OUT
