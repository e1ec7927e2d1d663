"""Administrators register services. A secret is shown when it is made, and never again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.translation import gettext, ngettext
from pytest_django.fixtures import Settings

from audit.kinds import describe_detail, describe_reason
from audit.models import SecurityEvent
from helpdesk.tests.people import agent_of, browser_of
from sso.models import Client, LogoutNotice
from sso.tests.oidc.service import Service, register
from tests.fixtures import Browser, Outbox, Walk

OTHER = "https://post.example.dk/logout"
ADD = "/admin/sso/client/add/"
NEW = {
    "name_da": "KUpost",
    "name_en": "UCPH post",
    "kind": "web",
    "sufficient": "any",
    "accepts_remembered": "on",
    "students": "on",
    "redirect_uris": "https://post.example.dk/back",
    "is_enabled": "on",
    "_save": "Save",
}


@pytest.fixture
def admin(sms_outbox: Outbox, db: None) -> Browser:
    return browser_of(agent_of("Administrator", "adm111"), sms_outbox)


def secret_in(response: Any) -> str:
    """Return the secret that the page shows."""
    return str(response.content.decode().split("<code>")[3].partition("</code>")[0])


def shown(admin: Browser, client: Client) -> dict[str, str]:
    """Return the hidden field of the page of the secrets."""
    page = admin.get(f"/admin/sso/client/{client.pk}/secret/").content.decode()
    return {"shown": page.partition('name="shown" value="')[2].partition('"')[0]}


def make_secret(admin: Browser, client: Client) -> str:
    return secret_in(admin.post(f"/admin/sso/client/{client.pk}/secret/", {**shown(admin, client), "act": "make"}))


def test_a_new_service_is_shown_its_secret_once(admin: Browser) -> None:
    admin.post(ADD, NEW)
    client = Client.objects.get()
    path = f"/admin/sso/client/{client.pk}/secret/"
    response = admin.post(path, {**shown(admin, client), "act": "make"})
    secret = secret_in(response)
    client.refresh_from_db()
    assert len(secret) > 60
    assert response["Cache-Control"].startswith("no-store, private")
    assert "/oidc/.well-known/openid-configuration" in response.content.decode()
    assert secret not in client.client_secret
    assert client.older_secret == ""  # the one before was never shown
    for other in (path, f"/admin/sso/client/{client.pk}/change/", f"/admin/sso/client/{client.pk}/history/"):
        page = admin.get(other).content.decode()
        assert secret not in page
        assert client.client_secret not in page


def test_a_reload_makes_no_second_service_and_no_second_secret(admin: Browser) -> None:
    response = admin.post(ADD, NEW)
    client = Client.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/admin/sso/client/{client.pk}/secret/")
    assert admin.post(ADD, NEW).status_code == 200  # the name is taken
    seen = {**shown(admin, client), "act": "make"}
    path = f"/admin/sso/client/{client.pk}/secret/"
    admin.post(path, seen)
    made = Client.objects.get().client_secret
    assert admin.post(path, seen)["Location"] == path
    assert Client.objects.get().client_secret == made


def test_a_new_service_is_confidential_and_uses_codes_alone(admin: Browser) -> None:
    admin.post(ADD, NEW)
    client = Client.objects.get()
    assert (client.client_type, client.authorization_grant_type) == ("confidential", "authorization-code")
    assert (client.algorithm, client.employees) == ("RS256", False)


def test_each_change_is_an_event_that_says_what_changed(admin: Browser) -> None:
    admin.post(ADD, NEW)
    client = Client.objects.get()
    admin.post(f"/admin/sso/client/{client.pk}/change/", {**NEW, "employees": "on", "students": ""})
    events = SecurityEvent.objects.filter(kind="service_changed", detail__startswith=client.client_id).order_by("pk")
    first, second = (event.detail.removeprefix(client.client_id).strip() for event in events)
    assert first.startswith("enabled=1 kind=web students=1 employees=0 consent=0")
    assert second == "students=0 employees=1"


def test_an_address_at_the_end_of_a_long_list_leaves_a_trace(admin: Browser) -> None:
    many = "\n".join(f"https://post.example.dk/back/{number}" for number in range(20))
    admin.post(ADD, {**NEW, "redirect_uris": many})
    client = Client.objects.get()
    path = f"/admin/sso/client/{client.pk}/change/"
    admin.post(path, {**NEW, "redirect_uris": f"{many}\nhttps://evil.example.dk/"})
    admin.post(path, {**NEW, "redirect_uris": f"{many}\nhttps://evil.example.dk/", "backchannel_logout_uri": OTHER})
    details = SecurityEvent.objects.filter(kind="service_changed").values_list("detail", flat=True)
    assert len(set(details)) == 3


def test_two_secrets_work_until_the_older_one_is_ended(admin: Browser, person: Walk, service: Service) -> None:
    new = make_secret(admin, service.client)
    assert service.change(service.code(person.browser), client_secret=new).status_code == 200
    assert service.change(service.code(person.browser)).status_code == 200
    client = Client.objects.get()
    assert client.secret_used_at
    assert client.older_secret_used_at
    path = f"/admin/sso/client/{client.pk}/secret/"
    assert admin.post(path, {**shown(admin, client), "act": "make"})["Location"] == path  # not a third one
    admin.post(path, {**shown(admin, client), "act": "end"})
    assert service.change(service.code(person.browser)).json()["error"] == "invalid_client"
    assert service.change(service.code(person.browser), client_secret=new).status_code == 200
    details = [event.detail.partition(" ")[2] for event in SecurityEvent.objects.filter(kind="service_changed")]
    assert sorted(details) == ["new secret", "older secret ended"]


MISTAKES = {
    "post.example.dk": "“%(uri)s” does not begin with https://.",
    "https://post.example.dk/#x": "“%(uri)s” contains #. An address cannot have a part after #.",
    "https://*.example.dk/": "“%(uri)s” contains *. Enter each address in full.",
    "https://post.example.dk/a b": "“%(uri)s” contains a space or more than one address. Enter one address per line.",
    "https://a.dk/cb,https://b.dk/cb": (
        "“%(uri)s” contains a space or more than one address. Enter one address per line."
    ),
    "https://købmand.dk/": "“%(uri)s” contains letters such as æ, ø or å. Enter the address as browsers send it.",
}


@pytest.mark.parametrize("uri", MISTAKES)
def test_each_mistake_in_an_address_has_its_own_text(admin: Browser, uri: str) -> None:
    with translation.override("en"):
        text = gettext(MISTAKES[uri]) % {"uri": uri}
    assert escape(text) in admin.post(ADD, {**NEW, "redirect_uris": uri}).content.decode()
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    "uri",
    [
        *("post.example.dk", "javascript:alert(1)", "https://a@post.example.dk/", "https://post.example.dk/#x", ""),
        *("https://*/", "https://a.dk;script-src b.dk/", "https://a.dk:x/"),
    ],
)
def test_an_address_that_nobody_may_be_led_to_is_not_registered(admin: Browser, uri: str) -> None:
    assert admin.post(ADD, {**NEW, "redirect_uris": uri}).status_code == 200
    assert not Client.objects.exists()


def test_the_forms_ask_for_a_fresh_second_factor(admin: Browser, service: Service) -> None:
    session = admin.session
    session["proven"] = {**session["proven"], "at": session["proven"]["at"] - 1300}
    session.save()
    for path in (
        ADD,
        f"/admin/sso/client/{service.client.pk}/change/",
        f"/admin/sso/client/{service.client.pk}/secret/",
    ):
        assert admin.get(path)["Location"] == "/sign-in/verify/"
        assert admin.post(path, NEW)["Location"] == "/sign-in/verify/"
    assert Client.objects.count() == 1


def test_a_service_is_for_somebody(admin: Browser) -> None:
    assert admin.post(ADD, {**NEW, "students": ""}).status_code == 200
    assert not Client.objects.exists()


def test_the_page_of_a_service_has_no_link_to_a_page_that_does_not_exist(admin: Browser, service: Service) -> None:
    page = admin.get(f"/admin/sso/client/{service.client.pk}/change/").content.decode()
    assert "/admin/r/" not in page
    assert "http://127.0.0.1:8000/oidc/.well-known/openid-configuration" in page


def test_the_page_of_a_service_shows_who_came_and_what_was_refused(
    admin: Browser, person: Walk, service: Service
) -> None:
    service.tokens(person.browser)
    person.browser.get(service.address(redirect_uri="https://mail.example.dk/typo?code=secret"))
    service.post(grant_type="refresh_token", refresh_token="x", client_secret="wrong")
    LogoutNotice.objects.create(client=service.client, subject=uuid4(), session_id="s", tries=5)
    page = admin.get(f"/admin/sso/client/{service.client.pk}/change/").content.decode()
    assert "<td>1</td><td>1</td>" in page
    assert "<code>https://mail.example.dk/typo?…</code>" in page
    assert "code=secret" not in page
    with translation.override("en"):
        assert gettext("wrong or missing secret") in page
        assert (
            ngettext(
                "The service was not told of %(count)s logout.", "The service was not told of %(count)s logouts.", 1
            )
            % {"count": 1}
            in page
        )


def test_k6_strangers_add_a_bounded_number_of_refusals_to_a_service(
    walk: Walk, service: Service, settings: Settings
) -> None:
    settings.SSO_REFUSALS_KEPT = 3
    for number in range(6):
        walk.browser.get(service.address(redirect_uri=f"https://mail.example.dk/{number}"))
    values = service.client.refusals.values_list("value", flat=True)
    assert list(values) == [f"https://mail.example.dk/{number}" for number in (5, 4, 3)]


def test_the_events_of_a_service_are_found_by_its_name_and_by_the_filter(
    admin: Browser, person: Walk, service: Service
) -> None:
    other = register("Other")
    for one in (service, other):
        one.tokens(person.browser)
    for query in ("q=kumail", f"service={service.client.client_id}"):
        page = admin.get(f"/admin/audit/securityevent/?{query}").content.decode()
        assert page.count("KUmail (English)</td>") == 1
        assert "Other (English)</td>" not in page


def test_an_unused_service_is_deleted_once_it_is_out_of_use(admin: Browser, person: Walk, service: Service) -> None:
    path = f"/admin/sso/client/{service.client.pk}/delete/"
    assert admin.get(path).status_code == 403
    Client.objects.update(is_enabled=False, last_used_at=timezone.now())
    assert admin.get(path).status_code == 403
    Client.objects.update(last_used_at=timezone.now() - timedelta(days=32))
    assert admin.get(path).status_code == 200
    admin.post(path, {"post": "yes"})
    assert not Client.objects.exists()
    assert SecurityEvent.objects.filter(kind="service_changed", detail__contains="deleted").exists()


def test_an_exception_from_pkce_needs_a_secret_and_is_marked(admin: Browser) -> None:
    assert admin.post(ADD, {**NEW, "kind": "browser", "pkce_exempt": "on"}).status_code == 200
    assert not Client.objects.exists()
    admin.post(ADD, {**NEW, "pkce_exempt": "on"})
    with translation.override("en"):
        assert gettext("without PKCE") in admin.get("/admin/sso/client/").content.decode()
    assert SecurityEvent.objects.filter(kind="service_changed", detail__contains="without_pkce=1").exists()


def test_an_event_names_the_service_and_the_reason_in_words(admin: Browser, person: Walk, service: Service) -> None:
    person.browser.get(service.address(prompt="create"))
    event = SecurityEvent.objects.get(kind="service_refused")
    page = admin.get(f"/admin/audit/securityevent/{event.pk}/change/").content.decode()
    with translation.override("en"):
        assert describe_reason(event) == gettext("unknown prompt")
        assert describe_detail(event) == f"{service.client} create"
        assert gettext("unknown prompt") in page
