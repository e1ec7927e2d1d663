"""Public clients, pairwise identifiers, services without PKCE, and the strength that a service requires."""

import base64
import time
from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from accounts.models import Account
from mfa_pass.tests.helpers import enter, give
from mfa_sms.models import SmsDevice
from mfa_totp.tests.helpers import app_of
from sign_in import journeys
from sso.models import Client, Subject
from sso.tests.oidc.service import SECRET, Service, acr, back, reasons, register
from tests.fixtures import Walk

LOOPBACK = "http://127.0.0.1/callback"
SPA = "https://app.example.dk/callback"


@pytest.fixture
def native(service: Service) -> Service:
    return register("App", kind=Client.Kind.NATIVE, redirect_uris=f"{LOOPBACK}\ndk.ku.app:/callback")


@pytest.fixture
def spa(service: Service) -> Service:
    return register("Page", kind=Client.Kind.BROWSER, redirect_uris=SPA)


def test_an_app_gets_tokens_without_a_secret_on_any_port_of_its_device(person: Walk, native: Service) -> None:
    uri = "http://127.0.0.1:51004/callback"
    location = person.browser.get(native.address(redirect_uri=uri))["Location"]
    assert location.startswith(f"{uri}?code=")
    code = location.partition("code=")[2].partition("&")[0]
    answer = native.change(code, redirect_uri=uri, client_secret=None)
    assert answer.status_code == 200, answer.content
    assert (
        native.post(
            grant_type="refresh_token", refresh_token=answer.json()["refresh_token"], client_secret=None
        ).status_code
        == 200
    )


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:51004/other",
        "http://127.0.0.2:51004/callback",
        "http://localhost:51004/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://evil@127.0.0.1:1/callback",
        "https://127.0.0.1:51004/callback",
        "http://127.0.0.1:0x50/callback",
    ],
)
def test_an_address_that_is_not_the_apps_gets_nobody(person: Walk, native: Service, uri: str) -> None:
    assert person.browser.get(native.address(redirect_uri=uri)).status_code == 400


def test_a_private_scheme_leads_back_to_the_app(person: Walk, native: Service) -> None:
    location = person.browser.get(native.address(redirect_uri="dk.ku.app:/callback"))["Location"]
    assert location.startswith("dk.ku.app:/callback?code=")


def test_a_port_matters_to_a_website(person: Walk, service: Service) -> None:
    service.client.redirect_uris = LOOPBACK
    service.client.save()
    assert person.browser.get(service.address(redirect_uri="http://127.0.0.1:51004/callback")).status_code == 400


def test_a_service_without_a_secret_must_use_pkce(person: Walk, native: Service) -> None:
    location = person.browser.get(
        native.address(redirect_uri=LOOPBACK, code_challenge=None, code_challenge_method=None)
    )["Location"]
    assert "error=invalid_request" in location
    assert reasons() == ["pkce"]


def test_a_page_of_a_service_in_the_browser_may_read_its_answers(person: Walk, spa: Service) -> None:
    origin = {"Origin": "https://app.example.dk"}
    preflight = spa.http.options("/oidc/userinfo/", headers={**origin, "Access-Control-Request-Method": "GET"})
    assert preflight.status_code == 204
    assert "Authorization" in preflight["Access-Control-Allow-Headers"]
    location = person.browser.get(spa.address(redirect_uri=SPA))["Location"]
    code = location.partition("code=")[2].partition("&")[0]
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": SPA, "code_verifier": "v" * 64}
    answer = spa.http.post("/oidc/token/", {**fields, "client_id": spa.client.client_id}, headers=origin)
    assert answer["Access-Control-Allow-Origin"] == "https://app.example.dk"
    assert "Access-Control-Allow-Credentials" not in answer
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert spa.http.get("/oidc/userinfo/", headers={**origin, **bearer}).json()["sub"]


@pytest.mark.parametrize("origin", ["https://evil.example", "https://app.example.dk.evil.example", "null"])
def test_a_page_of_somebody_else_may_not(spa: Service, origin: str) -> None:
    assert "Access-Control-Allow-Origin" not in spa.http.options("/oidc/token/", headers={"Origin": origin})


def test_a_service_with_its_own_numbers_shares_none(person: Walk, service: Service) -> None:
    one, two = (register(name, is_pairwise=True) for name in ("One", "Two"))
    subjects = [each.claims(person.browser)["sub"] for each in (service, one, two)]
    assert len(set(subjects)) == 3
    answer = one.tokens(person.browser)
    assert one.read(answer["id_token"])["sub"] == one.userinfo(answer["access_token"]).json()["sub"] == subjects[1]
    hint = {"id_token_hint": answer["id_token"], "prompt": "none"}
    assert "code" in back(person.browser.get(one.address(**hint)))
    assert Subject.objects.count() == 3


@pytest.fixture
def old_fashioned(service: Service) -> Service:
    """A service that cannot do PKCE."""
    return register("Old", pkce_exempt=True)


WITHOUT = {"code_challenge": None, "code_challenge_method": None}


def test_a_service_with_the_exception_works_without_pkce(person: Walk, old_fashioned: Service) -> None:
    code = old_fashioned.code(person.browser, **WITHOUT)
    assert old_fashioned.change(code, code_verifier=None).status_code == 200


def test_it_must_send_a_nonce(person: Walk, old_fashioned: Service) -> None:
    answer = back(person.browser.get(old_fashioned.address(**WITHOUT, nonce=None)))
    assert (answer["error"], reasons()) == ("invalid_request", ["nonce"])


def test_a_verifier_without_a_challenge_is_refused(person: Walk, old_fashioned: Service) -> None:
    code = old_fashioned.code(person.browser, **WITHOUT)
    assert old_fashioned.change(code).status_code == 400
    assert reasons() == ["pkce"]


def test_a_challenge_is_checked_all_the_same(person: Walk, old_fashioned: Service) -> None:
    assert old_fashioned.change(old_fashioned.code(person.browser), code_verifier=None).status_code == 400


@pytest.fixture
def strict(service: Service) -> Service:
    service.client.sufficient = Client.Sufficient.NOT_SMS
    service.client.save()
    return service


def test_a_person_without_a_sufficient_method_is_led_to_set_one_up(person: Walk, strict: Service) -> None:
    page = person.browser.get(strict.address())
    text = page.content.decode()
    assert page.status_code == 403
    assert "KUmail" in text
    assert 'href="/security-info/add/' in text
    assert "/oidc/authorize/?" in text
    assert reasons() == ["too_weak"]
    assert back(person.browser.get(strict.address(prompt="none")))["error"] == "interaction_required"


def test_a_person_with_a_sufficient_method_proves_it(person: Walk, strict: Service, phone: SmsDevice) -> None:
    app_of(phone.user)
    assert journeys.split(person.browser.get(strict.address())["Location"])[1] == "/sign-in/verify/"


def test_no_method_resists_phishing_yet(person: Walk, service: Service, phone: SmsDevice) -> None:
    app_of(phone.user)
    service.client.sufficient = Client.Sufficient.PHISHING_RESISTANT
    service.client.save()
    page = person.browser.get(service.address())
    assert (page.status_code, reasons()) == (403, ["too_weak"])
    assert 'href="/security-info/add/' not in page.content.decode()


def test_an_access_pass_gives_no_acr(walk: Walk, phone: SmsDevice, service: Service, administrator: Account) -> None:
    walk.name(phone.user)
    walk.password()
    enter(walk, give(phone.user, administrator))
    said = service.claims(walk.browser)
    assert "acr" not in said
    assert said["amr"] == ["pwd", "otp"]
    wanted = acr("https://refeds.org/profile/mfa")
    assert back(walk.browser.get(service.address(claims=wanted)))["error"] == "unmet_authentication_requirements"


def test_a_remembered_login_counts_for_a_day_at_a_service_that_does_not_accept_it(
    time_machine: TimeMachineFixture, walk: Walk, phone: SmsDevice, service: Service
) -> None:
    time_machine.move_to(time.time(), tick=False)
    walk.to_code(phone).code()
    walk.browser.post("/sign-in/stay/", {"stay": "yes"})
    time_machine.shift(timedelta(hours=13))
    assert "code" in back(walk.browser.get(service.address()))
    Client.objects.update(accepts_remembered=False)
    assert journeys.split(walk.browser.get(service.address())["Location"])[1] == "/sign-in/verify/"


def test_the_token_endpoint_names_its_scheme_and_userinfo_its_own(service: Service) -> None:
    basic = base64.b64encode(f"{service.client.client_id}:wrong{SECRET}".encode()).decode()
    fields = {"grant_type": "authorization_code", "code": "x"}
    response = service.http.post("/oidc/token/", fields, headers={"Authorization": f"Basic {basic}"})
    assert (response.status_code, response["WWW-Authenticate"].partition(" ")[0]) == (401, "Basic")
    wrong = service.userinfo("nonsense")
    assert wrong["Content-Type"] == "application/json"
    assert 'error="invalid_token"' in wrong["WWW-Authenticate"]
    missing = service.http.get("/oidc/userinfo/")
    assert missing["WWW-Authenticate"].startswith("Bearer ")
    assert "error" not in missing["WWW-Authenticate"]


def test_a_hint_that_cannot_be_verified_gives_no_code_without_a_page(person: Walk, service: Service) -> None:
    token = service.tokens(person.browser)["id_token"]
    broken = f"{token[:-8]}AAAAAAAA"
    assert back(person.browser.get(service.address(prompt="none", id_token_hint=broken)))["error"] == "login_required"
    assert "code" in back(person.browser.get(service.address(id_token_hint=broken)))
