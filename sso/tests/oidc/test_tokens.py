"""A code is exchanged for tokens once, by its own service, with its secret and its verifier."""

import base64
import threading
from datetime import timedelta

import pytest
from django.db import connection
from oauth2_provider.models import AccessToken, RefreshToken
from oauth2_provider.models import Grant as AuthorizationCode

from accounts.models import Account
from mfa_sms.models import SmsDevice
from sso.models import Grant
from sso.tests.oidc.service import SECRET, VERIFIER, Service, reasons, register
from tests.fixtures import Walk


def test_a_code_gives_three_tokens(person: Walk, service: Service) -> None:
    answer = service.tokens(person.browser)
    assert {"access_token", "refresh_token", "id_token", "token_type", "expires_in", "scope"} <= set(answer)


def test_a_code_that_is_used_twice_ends_what_it_gave(person: Walk, service: Service) -> None:
    code = service.code(person.browser)
    first = service.change(code).json()
    again = service.change(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert reasons() == ["code_used_twice"]
    assert service.userinfo(first["access_token"]).status_code == 401
    assert service.refresh(first["refresh_token"]).status_code == 400


@pytest.mark.parametrize("verifier", [None, "", "w" * 64, VERIFIER[:-1]])
def test_a_code_without_its_verifier_gives_nothing(person: Walk, service: Service, verifier: str | None) -> None:
    response = service.change(service.code(person.browser), code_verifier=verifier)
    assert response.status_code == 400
    assert response.json()["error"] in ("invalid_grant", "invalid_request")
    assert reasons() == ["pkce"]
    assert not AccessToken.objects.exists()


def test_asvs_10_4_6_a_wrong_verifier_spends_the_code(person: Walk, service: Service) -> None:
    code = service.code(person.browser)
    assert service.change(code, code_verifier="w" * 64).status_code == 400
    assert service.change(code).status_code == 400
    assert reasons() == ["pkce", "code_used_twice"]
    assert not AccessToken.objects.exists()


def test_another_service_cannot_spend_the_code(person: Walk, service: Service) -> None:
    code = service.code(person.browser)
    assert register("Other").change(code, code_verifier="w" * 64).status_code == 400
    assert service.change(code).status_code == 200


@pytest.mark.parametrize("uri", [None, "https://mail.example.dk/oidc/back/", "https://evil.example/"])
def test_a_code_for_another_address_gives_nothing(person: Walk, service: Service, uri: str | None) -> None:
    assert service.change(service.code(person.browser), redirect_uri=uri).status_code == 400
    assert reasons() == ["redirect_uri"]


@pytest.mark.parametrize("secret", [None, "", "wrong"])
def test_a_service_that_does_not_know_its_secret_gets_nothing(
    person: Walk, service: Service, secret: str | None
) -> None:
    response = service.change(service.code(person.browser), client_secret=secret)
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
    assert reasons() == ["invalid_client"]


def test_a_code_of_one_service_is_none_of_anothers(person: Walk, service: Service) -> None:
    other = register("Other")
    response = other.change(service.code(person.browser))
    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")
    assert not AccessToken.objects.exists()


def test_an_unknown_code_gives_nothing(service: Service) -> None:
    assert service.change("nonsense").status_code == 400
    assert reasons() == ["code_unknown"]


def test_a_code_lives_a_minute(person: Walk, service: Service) -> None:
    code = service.code(person.browser)
    issued = AuthorizationCode.objects.get()
    AuthorizationCode.objects.update(expires=issued.expires - timedelta(seconds=61))
    assert service.change(code).status_code == 400
    assert reasons() == ["code_expired"]


def test_an_account_that_was_deactivated_meanwhile_gives_nothing(
    person: Walk, service: Service, student: Account
) -> None:
    code = service.code(person.browser)
    Account.objects.filter(pk=student.pk).update(is_active=False)
    assert service.change(code).json()["error"] == "invalid_grant"
    assert reasons() == ["session_over"]


def test_who_signs_out_between_code_and_token_gives_nothing(person: Walk, service: Service) -> None:
    code = service.code(person.browser)
    person.browser.post("/sign-out/")
    assert service.change(code).json()["error"] == "invalid_grant"


def test_a_service_names_itself_by_basic_authentication_too(person: Walk, service: Service) -> None:
    code = service.code(person.browser)
    header = base64.b64encode(f"{service.client.client_id}:{SECRET}".encode()).decode()
    service.http.defaults["HTTP_AUTHORIZATION"] = f"Basic {header}"
    response = service.change(code, client_id=None, client_secret=None)
    assert response.status_code == 200


@pytest.mark.parametrize("grant", ["password", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"])
def test_no_other_grant_is_served(service: Service, grant: str) -> None:
    response = service.post(grant_type=grant, username="stu123", password="x", device_code="x")
    assert response.status_code in (400, 401)
    assert not AccessToken.objects.exists()


def test_no_secret_code_or_token_is_kept_in_clear(person: Walk, service: Service) -> None:
    answer = service.tokens(person.browser)
    kept = [*AccessToken.objects.values_list("token", flat=True), *RefreshToken.objects.values_list("token", flat=True)]
    assert set(kept) == {""}
    assert answer["access_token"] not in str(list(AccessToken.objects.values()))
    service.client.refresh_from_db()
    assert SECRET not in service.client.client_secret
    assert not AuthorizationCode.objects.exists()


def test_a_grant_is_one_row_and_its_code_is_kept_as_a_digest(person: Walk, service: Service) -> None:
    code = service.code(person.browser)
    assert Grant.objects.get().code_digest == Grant.digest(code) != code


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_of_two_uses_of_a_code_at_once_one_is_answered(walk: Walk, phone: SmsDevice, service: Service) -> None:
    code = service.code(walk.signed_in(phone).browser)
    begin, statuses = threading.Barrier(2), []

    def change() -> None:
        other = Service(service.client)
        begin.wait(30)
        statuses.append(other.change(code).status_code)
        connection.close()

    threads = [threading.Thread(target=change) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 400]
    assert reasons() == ["code_used_twice"]


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_two_uses_of_a_refresh_token_at_once_have_one_successor(walk: Walk, phone: SmsDevice, service: Service) -> None:
    token = service.tokens(walk.signed_in(phone).browser)["refresh_token"]
    begin, answers = threading.Barrier(2), []

    def refresh() -> None:
        other = Service(service.client)
        begin.wait(30)
        answers.append(other.refresh(token))
        connection.close()

    threads = [threading.Thread(target=refresh) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert RefreshToken.objects.filter(revoked=None).count() == 1
