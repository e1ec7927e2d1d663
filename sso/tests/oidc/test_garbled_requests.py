"""Malformed requests get the protocol's errors. They cause no database error and no server error."""

import base64

import pytest

from sso.models import Grant
from sso.tests.oidc.service import SECRET, Service, back, reasons, register
from tests.fixtures import Walk


def test_a_scope_that_is_said_many_times_is_one(person: Walk, service: Service) -> None:
    back(person.browser.get(service.address(scope="openid profile " * 60)))
    assert Grant.objects.get().scope == "openid profile"


@pytest.mark.parametrize("resource", ["https://mail.example.dk/", "nonsense"])
def test_a_token_for_another_server_is_not_served(person: Walk, service: Service, resource: str) -> None:
    assert back(person.browser.get(service.address(resource=resource)))["error"] == "invalid_target"
    assert reasons() == ["resource"]


def test_a_parameter_that_cannot_be_decoded_is_refused(person: Walk, service: Service) -> None:
    path, _mark, query = service.address().partition("?")
    response = person.browser.get(path, QUERY_STRING=f"{query}&other=%zz")
    assert (back(response)["error"], reasons()) == ("invalid_request", ["malformed"])


@pytest.mark.parametrize(
    "posted", [{"nonce": "n" * 300}, {"scope": "openid"}, {"code_challenge_method": "plain"}, {"code_challenge": "x"}]
)
def test_nothing_of_a_request_may_come_with_the_answer(person: Walk, service: Service, posted: dict[str, str]) -> None:
    response = person.browser.post(service.address(), {"answer": "yes", **posted})
    assert (response.status_code, reasons()) == (400, ["malformed"])
    assert not Grant.objects.exists()


def test_no_other_service_may_come_with_the_answer(person: Walk, service: Service) -> None:
    other = register("Other", students=False)
    response = person.browser.post(service.address(), {"answer": "yes", "client_id": other.client.client_id})
    assert response.status_code == 400


@pytest.mark.parametrize("endpoint", ["token", "revoke", "userinfo"])
@pytest.mark.parametrize("query", ["client_id=%00", "other=%zz"])
def test_an_address_that_cannot_be_read_is_a_bad_request(service: Service, endpoint: str, query: str) -> None:
    response = service.http.post(f"/oidc/{endpoint}/?{query}", {"token": "x", "grant_type": "authorization_code"})
    assert (response.status_code, response.json()) == (400, {"error": "invalid_request"})


@pytest.mark.parametrize("endpoint", ["token", "revoke"])
@pytest.mark.parametrize("name", ["\x00", "%00"])
def test_a_name_that_the_database_cannot_hold_is_a_bad_request(service: Service, endpoint: str, name: str) -> None:
    basic = base64.b64encode(f"{name}:x".encode()).decode()
    fields = {"token": "x", "code": "x", "grant_type": "authorization_code"}
    response = service.http.post(f"/oidc/{endpoint}/", fields, headers={"Authorization": f"Basic {basic}"})
    assert (response.status_code, response.json()) == (400, {"error": "invalid_request"})


def test_a_revocation_of_what_the_database_cannot_hold_is_a_bad_request(service: Service) -> None:
    fields = {"client_id": "\x00", "client_secret": SECRET, "token": "x"}
    assert service.http.post("/oidc/revoke/", fields).status_code == 400


def test_a_hint_that_is_too_deep_says_nothing(service: Service) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 200_000).decode().rstrip("=")
    response = service.http.get("/oidc/logout/", {"id_token_hint": f"{deep}.e30.c2ln"})
    assert response.status_code == 302


def test_what_a_service_is_told_of_a_person_is_kept_nowhere(person: Walk, service: Service) -> None:
    token = service.tokens(person.browser)["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    answers = [
        service.http.get("/oidc/userinfo/", headers=bearer),
        service.http.post("/oidc/userinfo/", headers=bearer),
    ]
    assert [(answer.status_code, answer["Cache-Control"]) for answer in answers] == [(200, "no-store")] * 2
