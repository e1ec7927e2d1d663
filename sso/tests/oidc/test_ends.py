"""The tokens of a service end with the session that they came from."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import jwt
import pytest
from django.conf import settings
from django.http import HttpRequest
from time_machine import TimeMachineFixture

from accounts.models import Account
from common import retention
from mfa_sms.models import SmsDevice
from sessions import registry
from sso import keys
from sso.models import Grant, LogoutNotice, SigningKey, Subject
from sso.oidc import backchannel_logout, freshness
from sso.tests.oidc.service import Service, reasons, register, target
from tests.fixtures import Walk, confirmed_phone
from tests.helpers import is_signed_in, kinds

OUT = "https://mail.example.dk/out"
BACKCHANNEL = "https://mail.example.dk/oidc/logout"


@pytest.fixture
def time_machine(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """A frozen clock. Tests move it."""
    time_machine.move_to(time.time(), tick=False)
    return time_machine


def _new_password(account: Account) -> None:
    account.set_password("en-helt-anden-adgangskode")
    account.save()


ENDS: dict[str, Callable[[Walk, Account], object]] = {
    "signed out": lambda walk, account: walk.browser.post("/sign-out/"),
    "logged out everywhere": lambda walk, account: registry.end_all(account),
    "deactivated": lambda walk, account: Account.objects.filter(pk=account.pk).update(is_active=False),
    "a new password": lambda walk, account: _new_password(account),
}


@pytest.mark.parametrize("how", ENDS)
def test_tokens_die_with_the_session(person: Walk, service: Service, student: Account, how: str) -> None:
    answer = service.tokens(person.browser)
    ENDS[how](person, student)
    assert service.userinfo(answer["access_token"]).status_code == 401
    assert service.refresh(answer["refresh_token"]).status_code == 400


def test_a_session_that_ends_while_a_service_asks_gives_no_code(
    person: Walk, service: Service, student: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = freshness.of_session

    def slowly(request: HttpRequest) -> freshness.Proof:
        registry.end_all(student)
        return asked(request)

    monkeypatch.setattr(freshness, "of_session", slowly)
    assert person.browser.get(service.address())["Location"] == "/"
    assert not Grant.objects.exists()


def test_another_session_of_the_person_goes_on(
    person: Walk, another_walk: Walk, phone: SmsDevice, service: Service
) -> None:
    answer = service.tokens(person.browser)
    another_walk.signed_in(phone)
    other = service.tokens(another_walk.browser)
    another_walk.browser.post("/sign-out/")
    assert service.userinfo(answer["access_token"]).status_code == 200
    assert service.userinfo(other["access_token"]).status_code == 401


def test_a_refresh_token_that_is_used_again_later_ends_every_token(
    time_machine: TimeMachineFixture, person: Walk, service: Service
) -> None:
    first = service.tokens(person.browser)
    second = service.refresh(first["refresh_token"]).json()
    assert service.userinfo(second["access_token"]).status_code == 200
    time_machine.shift(settings.SSO_REFRESH_GRACE + timedelta(seconds=1))
    assert service.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert service.userinfo(second["access_token"]).status_code == 401
    assert service.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"


def test_two_workers_that_refresh_at_once_both_go_on(
    time_machine: TimeMachineFixture, person: Walk, service: Service
) -> None:
    first = service.tokens(person.browser)
    one, two = (service.refresh(first["refresh_token"]).json() for _worker in range(2))
    assert one["refresh_token"] == two["refresh_token"]
    assert [service.userinfo(answer["access_token"]).status_code for answer in (one, two)] == [200, 200]
    assert service.refresh(one["refresh_token"]).status_code == 200
    assert service.refresh(first["refresh_token"]).status_code == 400  # its successor is used


def test_nothing_lives_longer_than_twelve_hours(
    time_machine: TimeMachineFixture, person: Walk, service: Service
) -> None:
    answer = service.tokens(person.browser)
    for _hour in range(23):
        time_machine.shift(timedelta(minutes=30))
        answer = service.refresh(answer["refresh_token"]).json()
    time_machine.shift(timedelta(minutes=31))
    assert service.refresh(answer["refresh_token"]).status_code == 400


def test_a_service_ends_its_own_tokens_and_no_others(person: Walk, service: Service) -> None:
    answer, other = service.tokens(person.browser), register("Other")
    assert service.http.post("/oidc/revoke/", {"token": answer["access_token"]}).status_code == 401
    said = {"client_id": other.client.client_id, "client_secret": "a-secret-of-this-test-and-of-no-service"}
    assert service.http.post("/oidc/revoke/", {**said, "token": answer["access_token"]}).status_code == 200
    assert service.userinfo(answer["access_token"]).status_code == 200
    said["client_id"] = service.client.client_id
    assert service.http.post("/oidc/revoke/", {**said, "token": answer["access_token"]}).status_code == 200
    assert service.userinfo(answer["access_token"]).status_code == 401


def test_a_service_whose_token_is_about_the_person_signs_out_without_a_question(person: Walk, service: Service) -> None:
    service.client.post_logout_redirect_uris = OUT
    service.client.save()
    token = service.tokens(person.browser)["id_token"]
    response = person.browser.get(
        "/oidc/logout/", {"id_token_hint": token, "post_logout_redirect_uri": OUT, "state": "s"}
    )
    assert response["Location"] == f"{OUT}?state=s"
    assert not is_signed_in(person.browser)
    assert kinds()[-1] == "signed_out"


def test_without_a_token_a_page_asks_first(person: Walk, service: Service) -> None:
    service.client.post_logout_redirect_uris = OUT
    service.client.save()
    asked = f"/oidc/logout/?client_id={service.client.client_id}&post_logout_redirect_uri={OUT}"
    page = person.browser.get(asked)
    assert page.status_code == 200
    assert is_signed_in(person.browser)
    answer = person.browser.post(asked, {"answer": "yes"})
    assert (answer.status_code, target(answer)) == (200, OUT)
    assert not is_signed_in(person.browser)


def test_a_sign_in_that_was_begun_is_not_ended_by_a_service(walk: Walk, phone: SmsDevice, service: Service) -> None:
    walk.name(phone.user)
    walk.password()
    assert walk.browser.get("/oidc/logout/")["Location"] == "/signed-out/"
    assert walk.browser.get("/sign-in/verify/").status_code == 200


def test_a_token_about_somebody_else_signs_nobody_out(
    person: Walk, another_walk: Walk, service: Service, make_account: Callable[..., Account]
) -> None:
    other = make_account("oth777", is_student=True)
    token = service.tokens(another_walk.signed_in(confirmed_phone(other, "+4526999902")).browser)["id_token"]
    assert person.browser.get("/oidc/logout/", {"id_token_hint": token}).status_code == 200
    assert is_signed_in(person.browser)


@pytest.mark.parametrize("uri", ["https://evil.example/", f"{OUT}/", "https://mail.example.dk/OUT", "//evil.example"])
@pytest.mark.parametrize("known", [True, False])
def test_signing_out_leads_to_registered_addresses_alone(person: Walk, service: Service, uri: str, known: bool) -> None:
    service.client.post_logout_redirect_uris = OUT
    service.client.save()
    token = service.tokens(person.browser)["id_token"]
    asked = {"post_logout_redirect_uri": uri, **({"id_token_hint": token} if known else {})}
    for response in (person.browser.get("/oidc/logout/", asked), service.http.get("/oidc/logout/", asked)):
        assert response.status_code == 400
        assert "evil.example" not in response.content.decode()
    assert reasons() == ["post_logout_redirect_uri"] * 2
    assert is_signed_in(person.browser)


@pytest.fixture
def told(service: Service) -> Service:
    """A service that receives logout notices."""
    service.client.backchannel_logout_uri = BACKCHANNEL
    service.client.save()
    return service


class Unread(httpx.SyncByteStream):
    """A response body that must not be read."""

    def __iter__(self) -> Iterator[bytes]:
        raise AssertionError


@dataclass
class Listener:
    """The fake back-channel logout endpoint of a service. It keeps the logout tokens."""

    status: int = 200
    tokens: list[str] = field(default_factory=list)

    @contextmanager
    def stream(
        self, method: str, url: str, data: dict[str, str], timeout: float, follow_redirects: bool
    ) -> Iterator[httpx.Response]:
        assert (url, follow_redirects) == (BACKCHANNEL, False)
        assert timeout <= 5
        self.tokens.append(data["logout_token"])
        yield httpx.Response(self.status, stream=Unread(), request=httpx.Request(method, url))


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    made = Listener()
    monkeypatch.setattr(httpx, "stream", made.stream)
    return made


def test_a_service_is_told_that_the_session_is_over(person: Walk, told: Service, listener: Listener) -> None:
    said = told.claims(person.browser)
    person.browser.post("/sign-out/")
    token = told.read(listener.tokens[0])
    assert (token["sid"], token["sub"], token["events"]) == (said["sid"], said["sub"], {backchannel_logout.EVENT: {}})
    assert "nonce" not in token
    assert LogoutNotice.objects.get().sent_at is not None


def test_a_service_that_does_not_answer_is_told_later_and_some_times_only(
    time_machine: TimeMachineFixture, person: Walk, told: Service, listener: Listener
) -> None:
    listener.status = 503
    told.tokens(person.browser)
    person.browser.post("/sign-out/")
    for _minute in range(20):
        time_machine.shift(timedelta(minutes=1))
        backchannel_logout.sweep_backchannel_logouts()
    assert len(listener.tokens) == settings.SSO_LOGOUT_TRIES


def test_a_service_is_told_once_however_often_it_was_entered(person: Walk, told: Service, listener: Listener) -> None:
    told.tokens(person.browser)
    told.tokens(person.browser)
    person.browser.post("/sign-out/")
    assert len(listener.tokens) == 1


def test_a_logout_token_signs_nobody_out(person: Walk, told: Service) -> None:
    told.tokens(person.browser)
    grant = Grant.objects.get()
    notice = LogoutNotice(
        client=told.client, subject=Subject.of(grant.account, told.client), session_id=grant.session_id
    )
    hint = {"id_token_hint": backchannel_logout.logout_token(notice)}
    assert person.browser.get("/oidc/logout/", hint).status_code == 200
    assert is_signed_in(person.browser)


def test_keys_that_are_rolled_in_the_middle_fail_nobody(
    time_machine: TimeMachineFixture, person: Walk, service: Service
) -> None:
    keys.rotate(SigningKey.Use.OIDC)
    time_machine.shift(settings.SSO_KEY_PUBLISHED_BEFORE - timedelta(seconds=10))
    person.signed_in(SmsDevice.objects.get())
    before = service.tokens(person.browser)
    code = service.code(person.browser)
    time_machine.shift(timedelta(seconds=20))
    after = service.change(code).json()
    tokens = [before["id_token"], after["id_token"]]
    assert len({jwt.get_unverified_header(token)["kid"] for token in tokens}) == 2
    assert [service.read(token)["sub"] for token in tokens] == [service.read(tokens[0])["sub"]] * 2
    response = person.browser.get("/oidc/logout/", {"id_token_hint": tokens[0]})
    assert response["Location"] == "/signed-out/"


def test_expired_codes_and_tokens_are_deleted(time_machine: TimeMachineFixture, person: Walk, service: Service) -> None:
    from oauth2_provider.models import AccessToken, Grant

    service.tokens(person.browser)
    service.code(person.browser)
    time_machine.shift(settings.SSO_GRANTS_KEPT + timedelta(days=1))
    retention.run_retention_step("service_tokens")
    assert not Grant.objects.exists()
    assert not AccessToken.objects.exists()
    assert not Grant.objects.exists()


def test_the_library_signs_with_the_key_that_is_published(service: Service) -> None:
    key = service.client.jwk_key
    assert key.has_private
    assert key.get("kid") == keys.jwks(SigningKey.Use.OIDC)["keys"][0]["kid"]
