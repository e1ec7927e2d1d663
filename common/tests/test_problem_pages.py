"""The error pages: each one says what to do, shows a reference, and stays out of caches."""

import base64
import hashlib
import re
from typing import Any, NoReturn
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import path, reverse
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from common.references import new_reference
from kumfa.urls import handler400, handler403, handler404, handler500, urlpatterns
from tests.fixtures import Browser, Walk
from tests.helpers import every_path, staff_signed_in
from tests.interface import in_da

__all__ = ["handler400", "handler403", "handler404", "handler500"]

pytestmark = pytest.mark.django_db

REFERENCE = re.compile(r"(?:Reference: |class=\"reference\">)([A-Z2-9]{4}-[A-Z2-9]{2})\b")


def fails(request: HttpRequest) -> NoReturn:
    raise RuntimeError("+45 26 12 34 78")


def broken_processor(request: HttpRequest) -> dict[str, Any]:
    raise RuntimeError("no context for anyone")


# The URLconf of the tests that need a view that fails.
urlpatterns = [*urlpatterns, path("fails/", fails)]


@pytest.fixture
def browser() -> Browser:
    return Browser(raise_request_exception=False)


def complete(response: Any, status: int) -> str:
    """Check that the error page is complete, and return its HTML."""
    page: str = response.content.decode()
    assert response.status_code == status
    assert REFERENCE.search(page), page
    assert "no-store" in response["Cache-Control"]
    assert "35\N{NO-BREAK SPACE}32\N{NO-BREAK SPACE}32\N{NO-BREAK SPACE}32" in page
    assert response["Content-Type"] == "text/html; charset=utf-8"
    return page


def secured(response: Any) -> bool:
    return "Content-Security-Policy" in response and response.get("X-Frame-Options") == "DENY"


def test_an_address_that_is_none(browser: Browser) -> None:
    response = browser.get("/nowhere/?number=26123478")
    page = complete(response, 404)
    assert in_da("Page not found") in page
    assert "nowhere" not in page
    assert "26123478" not in page
    assert secured(response)


def test_an_address_of_strange_bytes(browser: Browser) -> None:
    for address in ("/%00/", "/%ff%fe/", "/" + "a" * 3000, "/sign-in/%0d%0aSet-Cookie:x=y/"):
        complete(browser.get(address), 404)


def test_a_method_that_a_page_does_not_know_is_refused(browser: Browser) -> None:
    for address in ("/help/", "/security-info/", "/signed-out/"):
        assert browser.delete(address).status_code == 405


def post(fields: dict[str, str], address: str = "/sign-in/") -> Any:
    """Post a form with its CSRF token, with a client that enforces CSRF checks."""
    client = Client(enforce_csrf_checks=True)
    page = client.get("/sign-in/").content.decode()
    fields["csrfmiddlewaretoken"] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    return client.post(address, urlencode(fields), content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("address", ["/sign-in/", "/help/", "/password/forgotten/"])
def test_a_body_that_is_too_large(address: str) -> None:
    response = post({"account_name": "x" * 70_000}, address)
    assert in_da("That did not work") in complete(response, 400)
    assert secured(response)


def test_the_page_for_a_body_that_is_too_large_is_in_the_persons_own_language() -> None:
    Browser().post("/sign-in/", {"language": "en"})
    assert '<html lang="da">' in post({"account_name": "x" * 70_000}).content.decode()


def test_a_body_of_too_many_fields() -> None:
    complete(post({f"f{number}": "" for number in range(1100)}), 400)


@pytest.mark.parametrize("body", [b"--x\r\nnonsense", b"--x\r\n" * 20_000])
def test_a_body_that_is_no_form_is_refused(body: bytes) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "text/plain"):
        response = Client(enforce_csrf_checks=True).post("/sign-in/", body, content_type=kind)
        complete(response, response.status_code)
        assert response.status_code in (400, 403)


@pytest.mark.parametrize("host", ["evil.example", "", "a b"])
def test_a_host_that_is_not_served(browser: Browser, host: str) -> None:
    response = browser.get("/sign-in/", headers={"host": host} if host else {"host": "@"})
    page = complete(response, 400)
    assert "evil" not in page


def test_the_page_for_a_host_that_is_not_served_is_as_secure_as_any(browser: Browser) -> None:
    assert secured(browser.get("/sign-in/", headers={"host": "evil.example"}))


def test_nul_characters_are_no_fault_anywhere(walk: Walk, browser: Browser, administrator: Account) -> None:
    staff = staff_signed_in(walk, administrator)
    staff.raise_request_exception = False
    fields = ("account_name", "password", "next", "language", "stay", "method", "device", "code", "country", "number")
    for name, address in every_path().items():
        for visitor in (browser, staff):
            assert visitor.get(address, dict.fromkeys(fields, "\x00")).status_code < 500, name
            if name != "sign_in:sign_out":
                assert visitor.post(address, dict.fromkeys(fields, "a\x00b")).status_code < 500, name


def test_nul_characters_are_no_fault_within_a_sign_in(walk: Walk, student: Account) -> None:
    walk.browser.raise_request_exception = False
    walk.name(student)
    assert walk.password("\x00").status_code == 200
    walk.password()
    assert walk.number("\x00").status_code < 500
    walk.number()
    assert walk.enroll_code("12\x00456").status_code == 200


def test_a_page_of_the_admin_that_is_not_allowed(walk: Walk, helpdesk: Account) -> None:
    staff_signed_in(walk, helpdesk)
    page = complete(walk.browser.get("/admin/accounts/account/"), 403)
    assert in_da("No access") in page


def test_a_form_without_its_token() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get("/sign-in/")
    response = browser.post("/sign-in/", {"account_name": "stu123@ku.dk"})
    page = complete(response, 403)
    assert "Siden har været åben for længe, eller cookies er slået fra" in page
    assert secured(response)


@pytest.mark.parametrize("name", ["sign_in:account_name", "sign_in:password", "sign_in:sign_out", "mfa_sms:send"])
def test_every_form_wants_its_token(name: str) -> None:
    assert Client(enforce_csrf_checks=True).post(every_path()[name]).status_code == 403


def test_a_form_of_another_site_is_refused() -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/sign-in/").content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    data = {"csrfmiddlewaretoken": token, "account_name": "stu123@ku.dk"}
    assert browser.post("/sign-in/", data, headers={"origin": "https://evil.example"}).status_code == 403
    assert browser.post("/sign-in/", data).status_code == 302


@pytest.mark.urls("common.tests.test_problem_pages")
def test_a_fault_of_ours_is_a_page_in_both_languages(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    response = browser.get("/fails/")
    page = complete(response, 500)
    assert "Der er et problem med løsningen" in page
    assert "There is a problem with the service" in page
    assert "26 12" not in page
    assert "RuntimeError" not in page
    assert "<script" not in page
    assert secured(response)


@pytest.mark.urls("common.tests.test_problem_pages")
def test_a_fault_of_ours_has_a_style_that_the_policy_allows_and_help(browser: Browser) -> None:
    response = browser.get("/fails/")
    page = response.content.decode()
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert style
    assert f"style-src 'self' 'sha256-{digest}'" in response["Content-Security-Policy"]
    assert "sha256" not in browser.get("/help/")["Content-Security-Policy"]
    for name in ("sign_in:home", "sign_in:help", "sign_in:accessibility"):
        assert f'href="{reverse(name)}"' in page
    assert 'href="tel:+4535323232"' in page
    assert 'href="https://kunet.ku.dk/oevrige/hjaelp/it/Sider/IT-supportcentre-p%C3%A5-KU.aspx"' in page
    assert "Der er et problem med løsningen – KU-login / There is a problem with the service – UCPH login" in page


@pytest.mark.urls("common.tests.test_problem_pages")
@pytest.mark.parametrize("address", ["/fails/", "/help/", "/nowhere/"])
def test_a_fault_in_what_every_page_shows_is_a_page_all_the_same(
    browser: Browser, settings: Settings, address: str
) -> None:
    options = settings.TEMPLATES[0]["OPTIONS"]
    processors = [*options["context_processors"], f"{__name__}.broken_processor"]
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "OPTIONS": {**options, "context_processors": processors}}]
    complete(browser.get(address), 500)


def test_the_reference_on_the_page_is_the_events(walk: Walk, student: Account) -> None:
    walk.name(student)
    for _time in range(10):
        walk.password("wrong")
    found = REFERENCE.search(walk.password().content.decode())
    assert found
    event = SecurityEvent.objects.latest("pk")
    assert (event.kind, event.reference) == ("limit_reached", found[1])


def test_a_reference_can_be_read_out_on_the_phone() -> None:
    references = {new_reference() for _time in range(500)}
    assert len(references) > 490
    assert all(re.fullmatch(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{2}", reference) for reference in references)


def test_every_request_has_a_reference_of_its_own(browser: Browser) -> None:
    pages = [complete(browser.get("/nowhere/"), 404) for _time in range(2)]
    assert REFERENCE.findall(pages[0]) != REFERENCE.findall(pages[1])


# These are the same for every visitor and contain no personal data.
KEPT = {"sso:discovery", "sso:jwks"}


@pytest.mark.parametrize("name", sorted(set(every_path()) - KEPT))
def test_no_page_is_kept_by_a_cache(browser: Browser, name: str) -> None:
    assert "no-store" in browser.get(every_path()[name])["Cache-Control"]
