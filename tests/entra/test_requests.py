"""A request with a valid hint but other errors is refused: one count, a page of ours, and no response.

If the portal cannot satisfy the requested claims, the response is `access_denied`.
"""

import json
from typing import Any

import pytest
import time_machine
from django.test import Client

from audit.models import RefusalCount, SecurityEvent
from mfa_sms.models import SmsDevice
from sso.models import EntraAttempt
from tests.entra.conftest import HOME, Carrier, answer_of, make_entra, make_tenant, refused, the_attempt
from tests.entra.standin import CLAIMS, Entra, User

LOOK_ALIKES = [
    HOME.replace("/common", "/Common"),
    HOME.replace("microsoftonline.com", "MicrosoftOnline.com"),
    f"{HOME}/",
    f"{HOME}?x=1",
    f"{HOME}#x",
    HOME.replace(".com/", ".com:443/"),
    HOME.replace("https:", "http:"),
    HOME.replace("externalauthprovider", "externalauthprovider2"),
    HOME.replace(".com/", ".com.evil.example/"),
    HOME.replace("https://", "https://evil@"),
    f" {HOME}",
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("uri", LOOK_ALIKES)
def test_nothing_goes_to_an_address_that_looks_alike(carrier: Carrier, user: User, uri: str) -> None:
    response = carrier.post(carrier.entra.ask(user, redirect_uri=uri))
    assert response["Location"].startswith("/entra/refused/")
    page = carrier.browser.get(response["Location"])
    assert page.status_code == 400
    assert 'id="answer"' not in page.content.decode()
    assert refused() == [("redirect_uri", None)]
    assert not EntraAttempt.objects.exists()


WRONG: dict[str, dict[str, str]] = {
    "scope": {"scope": "profile"},
    "response_type": {"response_type": "code"},
    "response_mode": {"response_mode": "query"},
    "long nonce": {"nonce": "x" * 1001},
    "long state": {"state": "x" * 16_001},
    "zero byte": {"state": "a\x00b"},
    "claims": {"claims": "{"},
    "claims that are a list": {"claims": "[]"},
    "claims that are a number": {"claims": json.dumps({"id_token": 1})},
    "values that are none": {"claims": json.dumps({"id_token": {"acr": {"values": 1}}})},
    "deep claims": {"claims": '{"id_token":' + "[" * 7000},
    "long claims": {"claims": json.dumps({"id_token": {"x": "x" * 16_000}})},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_parameter_is_refused(carrier: Carrier, user: User, what: str) -> None:
    response = carrier.post(carrier.entra.ask(user, **WRONG[what]))
    assert response["Location"].startswith("/entra/refused/")
    assert refused() == [("parameters", None)]


WRITTEN_OTHERWISE: dict[str, dict[str, str]] = {
    "capital letter": {"response_type": "Id_token"},
    "more scopes": {"scope": "openid profile"},
    "long state": {"state": "x" * 12_000},
    "long claims": {"claims": json.dumps({**CLAIMS, "more": "x" * 10_000})},
    "no nonce": {"nonce": ""},
}


@pytest.mark.parametrize("what", WRITTEN_OTHERWISE)
def test_what_microsoft_may_write_otherwise_is_served(
    carrier: Carrier, user: User, phone: SmsDevice, what: str
) -> None:
    carrier.arrive(carrier.entra.ask(user, **WRITTEN_OTHERWISE[what]))
    assert carrier.back(carrier.by_sms(phone)) == user
    assert refused() == []


def test_without_a_nonce_the_same_hint_is_still_good_once(carrier: Carrier, user: User) -> None:
    for state in ("", ""):
        carrier.arrive(carrier.entra.ask(user, nonce="", state=state))
    assert refused() == []
    hint = carrier.entra.hint(user)
    for _again in range(2):
        carrier.arrive(carrier.entra.ask(user, hint, nonce="", state=""))
    assert refused() == [("replayed", None)]


@pytest.mark.parametrize("text", ['{"id_token": null}', "{}", ""])
def test_claims_that_ask_for_nothing_are_answered(carrier: Carrier, user: User, text: str) -> None:
    carrier.arrive(carrier.entra.ask(user, claims=text))
    assert [reason for reason, _account in refused()] == ["no_acr"]


def test_the_answer_has_no_state_if_the_request_had_none(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    carrier.arrive(carrier.entra.ask(user, state=""))
    assert set(answer_of(carrier.by_sms(phone))) == {"id_token"}
    location = carrier.post(carrier.entra.ask(user, state=""))["Location"]
    assert set(answer_of(carrier.browser.post(location))) == {"error"}


def test_the_client_id_must_be_this_tenants(carrier: Carrier, user: User) -> None:
    other = make_entra()
    make_tenant(other)
    carrier.arrive(carrier.entra.ask(user, client_id=other.client_id))
    assert refused() == [("client_id", None)]


def test_what_is_said_twice_is_refused(carrier: Carrier, user: User) -> None:
    fields: dict[str, Any] = carrier.entra.ask(user)
    Client().post("/entra/authorize/", {**fields, "redirect_uri": [HOME, "https://evil.example/"]})
    assert refused() == [("parameters", None)]


def test_what_is_too_large_is_refused_unread(carrier: Carrier, user: User) -> None:
    body = "state=" + "x" * 70_000
    response = Client().post("/entra/authorize/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    assert refused() == [("unreadable", None)]


def test_the_address_is_for_forms_alone(carrier: Carrier) -> None:
    assert carrier.browser.get("/entra/authorize/").status_code == 405
    assert refused() == []


def test_other_parameters_are_ignored(carrier: Carrier, user: User) -> None:
    carrier.arrive(carrier.entra.ask(user, mkt="da-DK", login_hint="somebody@ku.dk", prompt="none"))
    assert refused() == []
    assert the_attempt().account is not None


def claims(acr: Any = None, amr: Any = None) -> dict[str, Any]:
    asked = {"acr": acr, "amr": amr}
    return {"id_token": {name: {"essential": True, "values": values} for name, values in asked.items() if values}}


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        (["knowledgeorpossession", "possession"], "possession"),
        (["inherence", "knowledgeorpossessionorinherence"], "knowledgeorpossessionorinherence"),
        (["knowledge", "possessionorinherence", "possession"], "possessionorinherence"),
    ],
)
def test_one_acr_is_chosen_of_those_that_possession_satisfies(
    carrier: Carrier, user: User, asked: list[str], chosen: str
) -> None:
    carrier.post(carrier.entra.ask(user, asks=claims(asked, ["sms"])))
    assert the_attempt().acr == chosen


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (claims(["inherence"], ["sms"]), "no_acr"),
        (claims(["knowledge"]), "no_acr"),
        ({"id_token": {}}, "no_acr"),
        (claims(["possession"], ["face", "fido"]), "no_amr"),
    ],
)
def test_what_we_cannot_prove_is_denied(carrier: Carrier, user: User, asked: Any, why: str) -> None:
    response = carrier.post(carrier.entra.ask(user, asks=asked))
    page = carrier.browser.get(response["Location"])
    assert page.status_code == 403
    assert [reason for reason, _account in refused()] == [why]
    answer = answer_of(carrier.browser.post(response["Location"]))
    assert answer["error"] == "access_denied"
    assert answer["state"] == the_attempt().state
    assert [reason for reason, _account in refused()] == [why]


def test_the_discovery_document_is_what_the_tenant_expects(entra: Entra) -> None:
    assert entra.discovery()["authorization_endpoint"].endswith("/entra/authorize/")


def test_k6_many_untrusted_requests_add_one_row(carrier: Carrier) -> None:
    with time_machine.travel("2026-03-02 12:00:10+01:00", tick=False):
        for number in range(50):
            carrier.post({"client_id": str(number), "id_token_hint": f"x{number}"})
    assert len(refused()) == 50
    assert RefusalCount.objects.count() == 1
    assert not SecurityEvent.objects.filter(kind="service_refused").exists()
