"""Administrators register services. A secret is shown when it is made, and never again."""

import re
from typing import Any

import pytest

from audit.models import SecurityEvent
from helpdesk.tests.people import agent_of, browser_of
from sso.models import Client
from sso.tests.oidc.service import Service
from tests.fixtures import Browser, Outbox, Walk

OTHER = "https://post.example.dk/logout"
ADD = "/admin/sso/client/add/"
NEW = {
    "name_da": "KUpost",
    "name_en": "UCPH post",
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
    return str(response.content.decode().split("<code>")[2].partition("</code>")[0])


def test_a_new_service_is_shown_its_secret_once(admin: Browser) -> None:
    response = admin.post(ADD, NEW)
    client = Client.objects.get()
    secret = secret_in(response)
    assert len(secret) > 60
    assert response["Cache-Control"].startswith("no-store, private")
    assert secret not in client.client_secret
    for path in (f"/admin/sso/client/{client.pk}/change/", f"/admin/sso/client/{client.pk}/history/"):
        page = admin.get(path).content.decode()
        assert secret not in page
        assert client.client_secret not in page


def test_a_new_service_is_confidential_and_uses_codes_alone(admin: Browser) -> None:
    admin.post(ADD, NEW)
    client = Client.objects.get()
    assert (client.client_type, client.authorization_grant_type) == ("confidential", "authorization-code")
    assert (client.algorithm, client.employees) == ("RS256", False)


def test_each_change_is_an_event_that_says_what_holds(admin: Browser) -> None:
    admin.post(ADD, NEW)
    client = Client.objects.get()
    admin.post(f"/admin/sso/client/{client.pk}/change/", {**NEW, "employees": "on", "students": ""})
    details = SecurityEvent.objects.filter(kind="service_changed", reason=client.client_id[:32]).order_by("pk")
    assert [re.sub(r"all=\w{16}", "all=…", event.detail) for event in details] == [
        "enabled=1 students=1 employees=0 consent=0 max_age=- all=… to=https://post.example.dk/back",
        "enabled=1 students=0 employees=1 consent=0 max_age=- all=… to=https://post.example.dk/back",
    ]


def test_an_address_at_the_end_of_a_long_list_leaves_a_trace(admin: Browser) -> None:
    many = "\n".join(f"https://post.example.dk/back/{number}" for number in range(20))
    admin.post(ADD, {**NEW, "redirect_uris": many})
    client = Client.objects.get()
    path = f"/admin/sso/client/{client.pk}/change/"
    admin.post(path, {**NEW, "redirect_uris": f"{many}\nhttps://evil.example.dk/"})
    admin.post(path, {**NEW, "redirect_uris": f"{many}\nhttps://evil.example.dk/", "backchannel_logout_uri": OTHER})
    details = SecurityEvent.objects.filter(kind="service_changed").values_list("detail", flat=True)
    assert len(set(details)) == 3


def test_a_new_secret_takes_the_place_of_the_old_one(admin: Browser, person: Walk, service: Service) -> None:
    path = f"/admin/sso/client/{service.client.pk}/secret/"
    assert admin.get(path).status_code == 200
    code = service.code(person.browser)
    assert service.change(code, client_secret=secret_in(admin.post(path))).status_code == 200
    assert service.change(service.code(person.browser)).json()["error"] == "invalid_client"
    assert SecurityEvent.objects.filter(kind="service_changed", detail="new secret").count() == 1


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
