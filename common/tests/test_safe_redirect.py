"""Addresses that a sign-in redirects to: this host and the listed hosts, and no others."""

import pytest
from pytest_django.fixtures import Settings

from mfa_sms.models import SmsDevice
from tests.fixtures import Walk

GOOD = ["/help/", "/help/?a=b&c=d", "http://testserver/help/", "https://mail.example.dk/inbox"]
BAD = [
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "https://mail.example.dk.evil.example/",
    "https://mail.example.dk@evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "\\\\evil.example",
    "/\\evil.example",
    "https:\\\\evil.example",
    "\x08//evil.example",
    " //evil.example",
    "",
]
# Relative to the page, without a slash: safe, but not usable as a redirect address.
BARE = ["evil", "?a=b", "accounts", "help"]


@pytest.fixture(autouse=True)
def listed(settings: Settings) -> None:
    settings.SIGN_IN_NEXT_HOSTS = ["mail.example.dk"]


def landed(walk: Walk, phone: SmsDevice, next_url: str) -> str:
    walk.name(phone.user, next_url)
    walk.password()
    walk.send(phone)
    walk.code()
    response = walk.browser.post("/sign-in/stay/", {"stay": "no"})
    assert response.status_code == 302
    return str(response.headers["Location"])


@pytest.mark.parametrize("next_url", GOOD)
def test_a_sign_in_leads_back_to_this_host_and_to_listed_ones(walk: Walk, phone: SmsDevice, next_url: str) -> None:
    assert landed(walk, phone, next_url) == next_url


@pytest.mark.parametrize("next_url", BAD)
def test_a_sign_in_never_leads_anywhere_else(walk: Walk, phone: SmsDevice, next_url: str) -> None:
    assert landed(walk, phone, next_url) == "/"


@pytest.mark.parametrize("next_url", BARE)
def test_a_bare_word_does_not_end_in_a_fault(walk: Walk, phone: SmsDevice, next_url: str) -> None:
    location = landed(walk, phone, next_url)
    assert walk.get(location if location.startswith("/") else "/").status_code == 200


@pytest.mark.parametrize("next_url", BARE)
def test_a_bare_word_does_not_end_in_a_fault_for_who_is_signed_in(walk: Walk, phone: SmsDevice, next_url: str) -> None:
    walk.signed_in(phone)
    assert walk.browser.get("/sign-in/", {"next": next_url}).status_code < 500


@pytest.mark.parametrize("next_url", BAD[:-1])
def test_an_address_elsewhere_is_not_even_put_into_the_page(walk: Walk, next_url: str) -> None:
    page = walk.browser.get("/sign-in/", {"next": next_url}).content.decode()
    assert "evil.example" not in page
    assert "javascript:" not in page


def test_the_address_comes_along_from_the_query_and_through_an_error(walk: Walk, phone: SmsDevice) -> None:
    assert 'name="next" value="/help/"' in walk.get("/sign-in/?next=/help/").content.decode()
    assert 'name="next" value="/help/"' in walk.name("nonsense", "/help/").content.decode()


def test_the_address_comes_along_through_a_switch_of_language(walk: Walk) -> None:
    page = walk.browser.post("/sign-in/", {"next": "/help/", "language": "en"}).content.decode()
    assert 'name="next" value="/help/"' in page


def test_who_is_signed_in_already_is_led_on_at_once(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    assert walk.browser.get("/sign-in/", {"next": "/help/"})["Location"] == "/help/"
    assert walk.browser.get("/sign-in/", {"next": "//evil.example"}).status_code == 409


def test_a_page_that_needs_a_sign_in_is_come_back_to(walk: Walk, phone: SmsDevice) -> None:
    assert walk.get("/security-info/").redirect_chain == [("/sign-in/?next=/security-info/", 302)]
    assert landed(walk, phone, "/security-info/") == "/security-info/"


def test_an_enrollment_leads_back_to_the_service_too(walk: Walk, student: object) -> None:
    walk.name("stu123@alumni.ku.dk", "/help/")
    walk.password()
    walk.number()
    walk.enroll_code()
    walk.done()
    walk.send(SmsDevice.objects.get())
    walk.code()
    assert walk.stay().redirect_chain == [("/help/", 302)]
