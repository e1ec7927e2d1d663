"""An access token is for one service and the resource servers that an administrator has chosen for it (K7)."""

import base64
from typing import Any

import jwt
import pytest
from django.utils import timezone

from accounts.models import Account
from sessions import registry
from sso import keys
from sso.models import SigningKey
from sso.tests.oidc.service import SECRET, Service, register
from tests.fixtures import Walk

USERINFO = "http://127.0.0.1:8000/oidc/userinfo/"


@pytest.fixture
def mailbox(service: Service) -> Service:
    """A resource server that accepts the tokens of the service."""
    made = register("Mailbox", is_resource_server=True)
    service.client.resource_servers.add(made.client)
    return made


def introspect(server: Service, token: str, secret: str = SECRET) -> Any:
    basic = base64.b64encode(f"{server.client.client_id}:{secret}".encode()).decode()
    return server.http.post("/oidc/introspect/", {"token": token}, headers={"Authorization": f"Basic {basic}"})


def test_k7_a_token_for_a_resource_server_names_it_and_userinfo(
    person: Walk, service: Service, mailbox: Service
) -> None:
    token = service.tokens(person.browser)["access_token"]
    key = keys.signing_key(SigningKey.Use.OIDC)
    claims = jwt.decode(token, jwt.PyJWK(key.public), ["RS256"], audience=mailbox.client.client_id)
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    assert claims["aud"] == [USERINFO, mailbox.client.client_id]
    assert claims["client_id"] == service.client.client_id
    assert {"iss", "exp", "iat", "jti", "sub", "scope", "auth_time", "amr"} <= set(claims)


def test_a_resource_server_learns_whose_token_it_is(
    person: Walk, service: Service, mailbox: Service, student: Account
) -> None:
    answer = service.tokens(person.browser)
    said = introspect(mailbox, answer["access_token"]).json()
    assert (said["active"], said["username"]) == (True, "stu123@alumni.ku.dk")
    assert (said["client_id"], said["email"]) == (service.client.client_id, student.email)
    assert said["sub"] == service.read(answer["id_token"])["sub"]


def test_k7_a_token_of_another_service_is_not_active_at_a_resource_server(
    person: Walk, service: Service, mailbox: Service
) -> None:
    canteen, intranet = register("Canteen"), register("Intranet", is_resource_server=True)
    token = canteen.tokens(person.browser)["access_token"]
    assert introspect(mailbox, token).json() == {"active": False}
    assert introspect(intranet, service.tokens(person.browser)["access_token"]).json() == {"active": False}


def test_a_resource_server_that_is_taken_away_hears_nothing_more(
    person: Walk, service: Service, mailbox: Service
) -> None:
    token = service.tokens(person.browser)["access_token"]
    service.client.resource_servers.clear()
    assert introspect(mailbox, token).json() == {"active": False}


@pytest.mark.parametrize("how", ["signed out", "deactivated", "revoked", "all ended"])
def test_the_end_of_a_grant_ends_its_token_at_once(
    person: Walk, service: Service, mailbox: Service, student: Account, how: str
) -> None:
    token = service.tokens(person.browser)["access_token"]
    if how == "signed out":
        person.browser.post("/sign-out/")
    elif how == "deactivated":
        Account.objects.filter(pk=student.pk).update(is_active=False)
    elif how == "revoked":
        credentials = {"client_id": service.client.client_id, "client_secret": SECRET}
        service.http.post("/oidc/revoke/", {**credentials, "token": token})
    else:
        registry.end_all(student)
    assert introspect(mailbox, token).json() == {"active": False}
    assert service.userinfo(token).status_code == 401


def test_a_revoked_token_takes_the_others_of_its_grant_along(person: Walk, service: Service, mailbox: Service) -> None:
    first = service.tokens(person.browser)
    one, two = (service.refresh(first["refresh_token"]).json() for _worker in range(2))
    credentials = {"client_id": service.client.client_id, "client_secret": SECRET}
    service.http.post("/oidc/revoke/", {**credentials, "token": one["refresh_token"]})
    assert introspect(mailbox, two["access_token"]).json() == {"active": False}


@pytest.mark.parametrize("text", ["refresh", "id", "nonsense", "x.y.z"])
def test_nothing_but_an_access_token_is_active(person: Walk, service: Service, mailbox: Service, text: str) -> None:
    answer = service.tokens(person.browser)
    token = {"refresh": answer["refresh_token"], "id": answer["id_token"]}.get(text, text)
    assert introspect(mailbox, token).json() == {"active": False}


def test_only_resource_servers_with_their_secret_may_ask(person: Walk, service: Service, mailbox: Service) -> None:
    token = service.tokens(person.browser)["access_token"]
    wrong = introspect(mailbox, token, "wrong")
    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
    assert wrong["WWW-Authenticate"].startswith("Basic ")
    assert introspect(service, token).status_code == 403
    assert introspect(mailbox, "").status_code == 400


def test_an_access_token_is_no_hint_of_who_is_signed_in(person: Walk, service: Service) -> None:
    token = service.tokens(person.browser)["access_token"]
    response = person.browser.get("/oidc/logout/", {"id_token_hint": token})
    assert response.status_code == 200  # asks first


def test_a_token_ends_with_its_grant_at_the_latest(person: Walk, service: Service) -> None:
    token = service.tokens(person.browser)["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert 0 < claims["exp"] - timezone.now().timestamp() <= 3600
