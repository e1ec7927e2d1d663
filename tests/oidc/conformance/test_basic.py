"""Each module of `oidcc-basic-certification-test-plan`, with the check that decides it."""

import base64
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from time_machine import TimeMachineFixture

from mfa_sms.models import SmsDevice
from sso.tests.oidc.service import REDIRECT_URI, SECRET, Service, back
from tests.fixtures import Walk
from tests.oidc.conformance.conftest import Suite, proven_again


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(time.time(), tick=False)
    return time_machine


def discovery(suite: Suite) -> dict[str, Any]:
    found: dict[str, Any] = suite.http.get("/oidc/.well-known/openid-configuration").json()
    return found


def userinfo(suite: Suite, person: Walk, scope: str) -> dict[str, Any]:
    found: dict[str, Any] = suite.userinfo(suite.tokens(person.browser, scope=scope)["access_token"]).json()
    return found


def is_not_offered(suite: Suite, scope: str) -> None:
    """The suite skips the module of a scope that discovery does not offer."""
    assert scope not in discovery(suite)["scopes_supported"]


def test_oidcc_server(person: Walk, suite: Suite) -> None:
    claims = suite.claims(person.browser)
    assert claims["nonce"] == "a nonce"
    assert {"sub", "iss", "aud", "exp", "iat", "auth_time"} <= set(claims)


def test_oidcc_response_type_missing(person: Walk, suite: Suite) -> None:
    assert back(person.browser.get(suite.address(response_type=None)))["error"] == "invalid_request"


def test_oidcc_idtoken_signature(person: Walk, suite: Suite) -> None:
    token = suite.tokens(person.browser)["id_token"]
    header = jwt.get_unverified_header(token)
    assert (header["alg"], bool(header["kid"])) == ("RS256", True)
    assert suite.read(token)


def test_oidcc_idtoken_unsigned(suite: Suite) -> None:
    # The suite skips this module of an algorithm that discovery does not offer.
    assert "none" not in discovery(suite)["id_token_signing_alg_values_supported"]


def test_oidcc_userinfo_get(person: Walk, suite: Suite) -> None:
    answer = suite.tokens(person.browser)
    assert suite.userinfo(answer["access_token"]).json()["sub"] == suite.read(answer["id_token"])["sub"]


def test_oidcc_userinfo_post_header(person: Walk, suite: Suite) -> None:
    bearer = {"Authorization": f"Bearer {suite.tokens(person.browser)['access_token']}"}
    assert suite.http.post("/oidc/userinfo/", headers=bearer).json()["sub"]


def test_oidcc_userinfo_post_body(person: Walk, suite: Suite) -> None:
    token = suite.tokens(person.browser)["access_token"]
    assert suite.http.post("/oidc/userinfo/", {"access_token": token}).json()["sub"]


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(person: Walk, suite: Suite) -> None:
    """A request without a nonce needs PKCE instead, which the suite's client may also send."""
    code = Service(suite.client).code(person.browser, nonce=None)
    assert Service(suite.client).change(code).status_code == 200


def test_oidcc_scope_profile(person: Walk, suite: Suite) -> None:
    assert {"name", "given_name", "family_name", "preferred_username"} <= set(userinfo(suite, person, "openid profile"))


def test_oidcc_scope_email(person: Walk, suite: Suite) -> None:
    assert {"email", "email_verified"} <= set(userinfo(suite, person, "openid email"))


def test_oidcc_scope_address(suite: Suite) -> None:
    is_not_offered(suite, "address")


def test_oidcc_scope_phone(suite: Suite) -> None:
    is_not_offered(suite, "phone")


def test_oidcc_scope_all(suite: Suite) -> None:
    is_not_offered(suite, "address")


def test_oidcc_alternate_happy_flow(person: Walk, suite: Suite) -> None:
    answer = back(person.browser.get(suite.address(state="a" * 128, nonce="n" * 43)))
    assert answer["state"] == "a" * 128
    assert suite.read(suite.change(answer["code"]).json()["id_token"])["nonce"] == "n" * 43


def test_oidcc_display_page(person: Walk, suite: Suite) -> None:
    assert suite.code(person.browser, display="page")


def test_oidcc_display_popup(person: Walk, suite: Suite) -> None:
    assert suite.code(person.browser, display="popup")


def test_oidcc_prompt_login(clock: TimeMachineFixture, person: Walk, suite: Suite, phone: SmsDevice) -> None:
    first = suite.claims(person.browser)
    clock.shift(timedelta(minutes=2))
    code = proven_again(person, phone, suite.address(prompt="login"))["code"]
    second = suite.read(suite.change(code).json()["id_token"])
    assert (second["auth_time"] > first["auth_time"], second["sub"]) == (True, first["sub"])


def test_oidcc_prompt_none_not_logged_in(walk: Walk, suite: Suite) -> None:
    assert back(walk.browser.get(suite.address(prompt="none")))["error"] == "login_required"


def test_oidcc_prompt_none_logged_in(person: Walk, suite: Suite) -> None:
    first = suite.claims(person.browser)
    second = suite.claims(person.browser, prompt="none")
    assert (first["sub"], first["auth_time"]) == (second["sub"], second["auth_time"])


def test_oidcc_max_age_1(clock: TimeMachineFixture, person: Walk, suite: Suite, phone: SmsDevice) -> None:
    first = suite.claims(person.browser)
    clock.shift(timedelta(seconds=61))
    code = proven_again(person, phone, suite.address(max_age="1"))["code"]
    assert suite.read(suite.change(code).json()["id_token"])["auth_time"] > first["auth_time"]


def test_oidcc_max_age_10000(person: Walk, suite: Suite) -> None:
    first = suite.claims(person.browser)
    assert suite.claims(person.browser, max_age="10000")["auth_time"] == first["auth_time"]


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(person: Walk, suite: Suite) -> None:
    assert suite.code(person.browser, extra="foobar")


def test_oidcc_id_token_hint(person: Walk, suite: Suite) -> None:
    hint = suite.tokens(person.browser)["id_token"]
    assert suite.code(person.browser, prompt="none", id_token_hint=hint)


def test_oidcc_login_hint(person: Walk, suite: Suite) -> None:
    page = person.browser.get(suite.address(login_hint="bob@example.com"))
    link = page.content.decode().partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "code" in back(person.browser.get(link))


def test_oidcc_ui_locales(person: Walk, suite: Suite) -> None:
    assert suite.code(person.browser, ui_locales="se")


def test_oidcc_claims_locales(person: Walk, suite: Suite) -> None:
    assert suite.code(person.browser, claims_locales="se")


def test_oidcc_ensure_request_with_acr_values_succeeds(person: Walk, suite: Suite) -> None:
    wanted = discovery(suite)["acr_values_supported"][0]
    assert suite.claims(person.browser, acr_values=wanted)["acr"] == wanted


def test_oidcc_codereuse(person: Walk, suite: Suite) -> None:
    code = suite.code(person.browser)
    assert suite.change(code).status_code == 200
    again = suite.change(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_oidcc_codereuse_30seconds(clock: TimeMachineFixture, person: Walk, suite: Suite) -> None:
    code = suite.code(person.browser)
    token = suite.change(code).json()["access_token"]
    clock.shift(timedelta(seconds=30))
    assert suite.change(code).json()["error"] == "invalid_grant"
    assert suite.userinfo(token).status_code == 401


def test_oidcc_ensure_registered_redirect_uri(person: Walk, suite: Suite) -> None:
    page = person.browser.get(suite.address(redirect_uri=f"{REDIRECT_URI}/other"))
    assert (page.status_code, "Location" in page) == (400, False)


def test_oidcc_ensure_post_request_succeeds(person: Walk, suite: Suite) -> None:
    fields = {"client_id": suite.client.client_id, "redirect_uri": REDIRECT_URI, "response_type": "code"}
    response = person.browser.post("/oidc/authorize/", {**fields, "scope": "openid", "nonce": "n", "state": "s"})
    assert suite.change(back(person.browser.get(response["Location"]))["code"]).status_code == 200


def test_oidcc_server_client_secret_post(person: Walk, suite: Suite) -> None:
    code = suite.code(person.browser)
    basic = base64.b64encode(f"{suite.client.client_id}:{SECRET}".encode()).decode()
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    by_header = suite.http.post("/oidc/token/", fields, headers={"Authorization": f"Basic {basic}"})
    assert by_header.status_code == 200
    assert suite.change(suite.code(person.browser)).status_code == 200  # by the body


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(person: Walk, suite: Suite) -> None:
    answer = back(person.browser.get(suite.address(request_uri="https://suite.example/request")))
    assert answer["error"] == "request_uri_not_supported"


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(
    person: Walk, suite: Suite
) -> None:
    request = jwt.encode({"client_id": suite.client.client_id}, "", algorithm="none")
    assert back(person.browser.get(suite.address(request=request)))["error"] == "request_not_supported"


def test_oidcc_claims_essential(person: Walk, suite: Suite) -> None:
    answer = suite.tokens(person.browser, claims='{"userinfo": {"name": {"essential": true}}}')
    assert suite.userinfo(answer["access_token"]).json()["name"] == "Freja Lund"
    assert "name" not in suite.read(answer["id_token"])


def test_oidcc_ensure_request_object_with_redirect_uri(person: Walk, suite: Suite) -> None:
    request = jwt.encode({"redirect_uri": "https://evil.example/"}, "", algorithm="none")
    assert back(person.browser.get(suite.address(request=request)))["error"] == "request_not_supported"


def test_oidcc_refresh_token(person: Walk, suite: Suite) -> None:
    first = suite.tokens(person.browser)
    second = suite.refresh(first["refresh_token"]).json()
    claims = [suite.read(answer["id_token"]) for answer in (first, second)]
    assert len({(said["iss"], said["sub"], said["aud"], said["auth_time"]) for said in claims}) == 1


def test_oidcc_ensure_request_with_valid_pkce_succeeds(person: Walk, suite: Suite) -> None:
    assert Service(suite.client).tokens(person.browser)["id_token"]
