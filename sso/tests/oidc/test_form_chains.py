"""No form of ours ends in a redirect to a service: browsers apply `form-action` to every later redirect."""

import pytest

from mfa_sms.models import SmsDevice
from sso.tests.oidc.service import REDIRECT_URI, Service, back, go_on, target
from tests.fixtures import Walk

OUT = "https://mail.example.dk/out"


@pytest.fixture
def asking(service: Service) -> Service:
    """A service that asks for consent."""
    service.client.asks_consent = True
    service.client.post_logout_redirect_uris = OUT
    service.client.save()
    return service


def test_the_last_form_of_a_sign_in_leads_to_a_page_that_continues_by_itself(
    walk: Walk, phone: SmsDevice, service: Service
) -> None:
    walk.name(phone.user, service.address())
    walk.password()
    walk.send(phone)
    walk.code()
    response = walk.browser.post("/sign-in/stay/", {"stay": "no"})
    page = walk.browser.get(response["Location"])
    assert page.status_code == 200
    assert target(page) == service.address()
    assert 'class="button" href="/oidc/authorize/?' in page.content.decode()  # without a refresh
    assert "code" in back(go_on(walk.browser, page))


def test_a_destination_with_the_portal_s_own_host_leads_to_that_page_too(person: Walk, service: Service) -> None:
    response = person.browser.get("/sign-in/", {"next": f"http://testserver{service.address()}"})
    assert response["Location"].startswith("/oidc/continue/?")
    assert target(person.browser.get(response["Location"])) == service.address()


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_answer_to_the_consent_page_continues_by_a_page(person: Walk, asking: Service, answer: str) -> None:
    page = person.browser.post(asking.address(), {"answer": answer})
    assert page.status_code == 200
    assert target(page).startswith(f"{REDIRECT_URI}?")
    assert page["Cache-Control"] == "no-store"


def test_the_pages_allow_forms_to_the_portal_alone(walk: Walk, service: Service) -> None:
    page = walk.get(service.address())
    assert "form-action 'self'" in page["Content-Security-Policy"]
    assert "mail.example.dk" not in page["Content-Security-Policy"]


def test_who_is_signed_in_is_redirected_without_a_page(person: Walk, service: Service) -> None:
    assert person.browser.get(service.address()).status_code == 302


@pytest.mark.parametrize("path", ["/oidc/authorize/", "/oidc/logout/"])
def test_a_request_that_a_service_posts_becomes_a_get_of_the_same(person: Walk, service: Service, path: str) -> None:
    response = person.browser.post(path, {"client_id": service.client.client_id, "state": "a b&c"})
    assert response.status_code == 303
    assert response["Location"] == f"{path}?client_id={service.client.client_id}&state=a+b%26c"


def test_a_posted_request_leads_to_the_service(person: Walk, service: Service) -> None:
    fields = dict(part.split("=", 1) for part in service.address(state="s", nonce="n").partition("?")[2].split("&"))
    fields |= {"redirect_uri": REDIRECT_URI, "scope": "openid"}
    response = person.browser.post("/oidc/authorize/", fields)
    assert "code" in back(person.browser.get(response["Location"]))


@pytest.mark.parametrize("asked", [{}, {"response_type": "token"}])
def test_a_service_may_have_its_answer_as_a_form(person: Walk, service: Service, asked: dict[str, str | None]) -> None:
    page = person.browser.get(service.address(response_mode="form_post", **asked))
    text = page.content.decode()
    assert f'<form id="answer" method="post" action="{REDIRECT_URI}">' in text
    assert f'name="{"error" if asked else "code"}"' in text
    assert 'name="state" value="a state"' in text
    assert "form-action" not in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store"
