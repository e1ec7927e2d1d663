"""A refused authorization request gives a page of ours, one event, and no redirect to an unregistered address."""

import pytest
import time_machine

from audit.models import RefusalCount, SecurityEvent
from sso.tests.oidc.service import REDIRECT_URI, Service, back, reasons
from tests.fixtures import Walk

ADDRESSES = [
    "https://mail.example.dk/OIDC/back",
    "https://MAIL.example.dk/oidc/back",
    "https://mail.example.dk/oidc/back/",
    "https://mail.example.dk/oidc/back?",
    "https://mail.example.dk/oidc/back?next=x",
    "https://mail.example.dk/oidc/back#x",
    "https://mail.example.dk:443/oidc/back",
    "https://mail.example.dk:8443/oidc/back",
    "http://mail.example.dk/oidc/back",
    "https://mail.example.dk/oidc/../oidc/back",
    "https://mail.example.dk/oidc",
    "https://mail.example.dk/",
    "https://mail.example.dk",
    "https://evil.example/oidc/back",
    "https://mail.example.dk.evil.example/oidc/back",
    "https://mail.example.dk@evil.example/oidc/back",
    "//mail.example.dk/oidc/back",
    "https://mail.example.dk/oidc/back ",
    f"{REDIRECT_URI} https://evil.example/",
    "javascript:alert(1)",
    "",
]

UNTRUSTED = [
    ({"client_id": "nobody"}, "unknown_client"),
    ({"client_id": None}, "unknown_client"),
    ({"client_id": "a\x00b"}, "malformed"),
    ({"redirect_uri": None}, "redirect_uri"),
]

WRONG = [
    ({"response_type": None}, "response_type", "invalid_request"),
    ({"response_type": "token"}, "response_type", "unsupported_response_type"),
    ({"response_type": "code id_token"}, "response_type", "unsupported_response_type"),
    ({"code_challenge": None}, "pkce", "invalid_request"),
    ({"code_challenge": "short"}, "pkce", "invalid_request"),
    ({"code_challenge_method": None}, "pkce", "invalid_request"),
    ({"code_challenge_method": "plain"}, "pkce", "invalid_request"),
    ({"scope": "profile"}, "scope", "invalid_scope"),
    ({"scope": None}, "scope", "invalid_scope"),
    ({"request": "eyJ"}, "request", "request_not_supported"),
    ({"request_uri": "https://mail.example.dk/request"}, "request_uri", "request_uri_not_supported"),
    ({"response_mode": "fragment"}, "response_mode", "invalid_request"),
    ({"prompt": "create"}, "prompt", "invalid_request"),
    ({"prompt": "none login"}, "prompt", "invalid_request"),
    ({"max_age": "-1"}, "max_age", "invalid_request"),
    ({"max_age": "soon"}, "max_age", "invalid_request"),
    ({"nonce": "n" * 256}, "long_nonce", "invalid_request"),
    ({"state": "s" * 4001}, "long_state", "invalid_request"),
    ({"claims": "{"}, "claims", "invalid_request"),
    ({"claims": "[1]"}, "claims", "invalid_request"),
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("prompt", ["", "none"])
def test_an_address_that_differs_in_a_letter_gets_nobody(
    person: Walk, service: Service, address: str, prompt: str
) -> None:
    response = person.browser.get(service.address(redirect_uri=address, prompt=prompt))
    assert response.status_code == 400
    assert "Location" not in response
    assert "evil.example" not in response.content.decode() + response["Content-Security-Policy"]
    assert reasons() == ["redirect_uri"]


@pytest.mark.parametrize(("changed", "reason"), UNTRUSTED)
def test_a_request_whose_sender_is_not_known_ends_at_a_page_of_ours(
    person: Walk, service: Service, changed: dict[str, str | None], reason: str
) -> None:
    response = person.browser.get(service.address(**changed))
    assert (response.status_code, reasons()) == (400, [reason])


@pytest.mark.parametrize(("changed", "reason", "error"), WRONG)
def test_a_mistake_is_told_to_the_service_with_its_state(
    person: Walk, service: Service, changed: dict[str, str | None], reason: str, error: str
) -> None:
    answer = back(person.browser.get(service.address(**changed)))
    assert (answer["error"], answer["state"]) == (error, changed.get("state", "a state"))
    assert answer["iss"] == "http://127.0.0.1:8000/oidc"
    assert reasons() == [reason]


def test_a_scope_that_nobody_knows_is_ignored(person: Walk, service: Service) -> None:
    assert service.tokens(person.browser, scope="openid offline_access email")["scope"] == "openid email"


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_an_address_that_comes_twice_gets_nobody(person: Walk, service: Service, name: str) -> None:
    response = person.browser.get(f"{service.address()}&{name}=https://evil.example/")
    assert (response.status_code, reasons()) == (400, ["malformed"])


def test_another_parameter_that_comes_twice_is_a_mistake(person: Walk, service: Service) -> None:
    assert back(person.browser.get(f"{service.address()}&scope=email"))["error"] == "invalid_request"


def test_the_event_says_which_service_and_what_arrived_and_no_secret(person: Walk, service: Service) -> None:
    person.browser.get(service.address(response_type="token", state="a-secret-state"))
    event = SecurityEvent.objects.get(kind="service_refused")
    assert event.detail == f"{service.client.client_id} token"
    assert event.account is not None


def test_a_service_that_wants_no_page_is_told_at_its_own_address(person: Walk, service: Service) -> None:
    answer = back(person.browser.get(service.address(response_type="token", prompt="none")))
    assert (answer["error"], answer["state"]) == ("unsupported_response_type", "a state")
    assert reasons() == ["response_type"]


def test_a_service_that_is_out_of_use_gets_nobody(person: Walk, service: Service) -> None:
    service.client.is_enabled = False
    service.client.save()
    assert person.browser.get(service.address()).status_code == 403
    assert reasons() == ["disabled"]


def test_a_student_does_not_get_to_a_service_for_employees(person: Walk, service: Service) -> None:
    service.client.students = False
    service.client.save()
    response = person.browser.get(service.address())
    assert response.status_code == 403
    assert "KUmail" in response.content.decode()
    assert "stu123@alumni.ku.dk" in response.content.decode()
    assert reasons() == ["not_admitted"]


def test_a_service_for_employees_that_wants_no_page_is_told(person: Walk, service: Service) -> None:
    service.client.students = False
    service.client.save()
    assert back(person.browser.get(service.address(prompt="none")))["error"] == "access_denied"


def test_nothing_is_refused_by_a_page_that_leads_around_in_a_circle(person: Walk, service: Service) -> None:
    service.client.students = False
    service.client.save()
    response = person.browser.get(service.address())
    assert 'href="/"' in response.content.decode()
    assert "oidc/authorize" not in response.content.decode().replace('action="/oidc/authorize', "")


def test_k6_hundreds_of_anonymous_requests_add_one_row(walk: Walk, service: Service) -> None:
    with time_machine.travel("2026-03-02 12:00:10+01:00", tick=False):
        for number in range(300):
            assert walk.browser.get(f"/oidc/authorize/?client_id=x{number}&state={number}").status_code == 400
    assert RefusalCount.objects.get().count == 300
    assert not SecurityEvent.objects.filter(kind="service_refused").exists()
