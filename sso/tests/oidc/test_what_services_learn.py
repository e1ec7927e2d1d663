"""Services receive only the claims of their scopes, with current values."""

import uuid

import pytest

from accounts.models import Account
from sso.models import Subject
from sso.tests.oidc.service import Service, back, register
from tests.fixtures import Walk

PROFILE = {"preferred_username", "name", "given_name", "family_name", "locale", "eduperson_affiliation"}
EMAIL = {"email", "email_verified"}
ABOUT_PERSONS = {"sub"} | PROFILE | EMAIL


@pytest.mark.parametrize(
    ("scope", "learned"),
    [
        ("openid", {"sub"}),
        ("openid profile", {"sub"} | PROFILE),
        ("openid email", {"sub"} | EMAIL),
        ("openid profile email", ABOUT_PERSONS),
    ],
)
def test_a_service_learns_what_its_scope_says(person: Walk, service: Service, scope: str, learned: set[str]) -> None:
    answer = service.tokens(person.browser, scope=scope)
    assert set(service.read(answer["id_token"])) & ABOUT_PERSONS == learned
    assert set(service.userinfo(answer["access_token"]).json()) == learned


def test_a_student_is_called_a_student(person: Walk, service: Service) -> None:
    said = service.claims(person.browser)
    assert said["preferred_username"] == "stu123@alumni.ku.dk"
    assert said["eduperson_affiliation"] == ["student", "member"]
    assert (said["name"], said["given_name"], said["family_name"]) == ("Freja Lund", "Freja", "Lund")
    assert (said["email"], said["email_verified"], said["locale"]) == ("stu123@example.org", True, "da")


def test_the_identifier_says_nothing_and_is_the_same_at_all_services(
    person: Walk, service: Service, student: Account
) -> None:
    subject = service.claims(person.browser)["sub"]
    assert uuid.UUID(subject).version == 4
    assert register("Other").claims(person.browser)["sub"] == subject
    assert str(Subject.objects.get(account=student).subject) == subject


def test_a_new_username_leaves_the_identifier(person: Walk, service: Service, student: Account) -> None:
    before = service.claims(person.browser)["sub"]
    Account.objects.filter(pk=student.pk).update(username="new999")
    after = service.claims(person.browser)
    assert (after["sub"], after["preferred_username"]) == (before, "new999@alumni.ku.dk")


@pytest.mark.parametrize("where", ["query", "nothing", "nonsense"])
def test_userinfo_answers_a_good_token_in_the_header_alone(person: Walk, service: Service, where: str) -> None:
    token = service.tokens(person.browser)["access_token"]
    queries = {"query": {"access_token": token}, "nothing": {}, "nonsense": {}}
    headers = {"nonsense": {"Authorization": "Bearer nonsense"}}.get(where, {})
    response = service.http.get("/oidc/userinfo/", queries[where], headers=headers)
    assert response.status_code in (400, 401)


def test_an_id_token_is_no_access_token(person: Walk, service: Service) -> None:
    assert service.userinfo(service.tokens(person.browser)["id_token"]).status_code == 401


def test_pages_of_other_sites_may_read_what_is_public_alone(person: Walk, service: Service) -> None:
    evil = {"Origin": "https://evil.example"}
    for path in ("/oidc/.well-known/openid-configuration", "/oidc/jwks/"):
        assert service.http.get(path, headers=evil)["Access-Control-Allow-Origin"] == "*"
    token = service.tokens(person.browser)["access_token"]
    response = service.http.get("/oidc/userinfo/", headers={**evil, "Authorization": f"Bearer {token}"})
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response


def test_a_service_of_others_asks_the_person_first_and_once_a_session(person: Walk, service: Service) -> None:
    service.client.asks_consent = True
    service.client.save()
    page = person.browser.get(service.address())
    assert page.status_code == 200
    assert "KUmail" in page.content.decode()
    assert "code" in back(person.browser.post(service.address(), {"answer": "yes"}))
    assert "code" in back(person.browser.get(service.address()))


def test_who_says_no_goes_back_without_a_code(person: Walk, service: Service) -> None:
    service.client.asks_consent = True
    service.client.save()
    answer = back(person.browser.post(service.address(), {"answer": "no"}))
    assert answer["error"] == "access_denied"
    assert "code" not in answer


def test_more_than_was_agreed_to_is_asked_for_again(person: Walk, service: Service) -> None:
    service.client.asks_consent = True
    service.client.save()
    person.browser.post(service.address(scope="openid"), {"answer": "yes"})
    assert "code" in back(person.browser.get(service.address(scope="openid")))
    assert person.browser.get(service.address(scope="openid email")).status_code == 200


def test_a_service_that_wants_no_page_hears_that_consent_is_missing(person: Walk, service: Service) -> None:
    service.client.asks_consent = True
    service.client.save()
    assert back(person.browser.get(service.address(prompt="none")))["error"] == "consent_required"


def test_what_is_said_to_be_served_is_served(service: Service) -> None:
    said = service.http.get("/oidc/.well-known/openid-configuration").json()
    assert said["issuer"] == "http://127.0.0.1:8000/oidc"
    for name, path in said.items():
        if name.endswith(("_endpoint", "_uri")):
            status = service.http.get(path.removeprefix("http://127.0.0.1:8000")).status_code
            assert status in (200, 302, 400, 401, 405), name
    assert service.http.get("/oidc/jwks/").json()["keys"][0]["use"] == "sig"
    assert set(said["claims_supported"]) >= ABOUT_PERSONS
