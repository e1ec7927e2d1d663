"""Two services in two tabs of one browser: each tab ends at its own service."""

import json
from collections.abc import Callable

import pytest
from django.urls import reverse

from mfa_sms.models import SmsDevice
from sign_in import journeys
from sso.tests.oidc.service import Service, register
from sso.tests.oidc.tab import Tab
from tests.fixtures import Browser, MakeAccount, Walk

LONG_STATE = json.dumps([{"page": number, "url": "/x?y=1&z=æ"} for number in range(200)])[:4000]
LONGEST_URL = 8190 - len("GET  HTTP/1.1\r\n")


@pytest.fixture
def strict() -> Browser:
    """A browser from which the portal wants a token with each form."""
    return Browser(enforce_csrf_checks=True)


@pytest.fixture
def tabs(strict: Browser, walk: Walk, service: Service) -> tuple[Tab, Tab]:
    """Two tabs of one browser, at the beginning of a sign-in to two services."""
    other = register("Wiki")
    first, second = Tab(strict, walk.outbox), Tab(strict, walk.outbox)
    return first.open(service.address(state="first")), second.open(other.address(state="second"))


def test_each_tab_ends_at_its_own_service(tabs: tuple[Tab, Tab], phone: SmsDevice) -> None:
    first, second = tabs
    first.name(phone.user)
    second.name(phone.user)
    first.password()
    second.password()
    assert first.press().code().press(stay="no").arrived()["state"] == "first"
    assert second.press().arrived()["state"] == "second"


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_after_a_sign_in_in_one_tab_the_other_continues_from_any_step(
    tabs: tuple[Tab, Tab], phone: SmsDevice, steps: int
) -> None:
    first, second = tabs
    walk = [lambda: second.name(phone.user), second.password, second.press]
    for step in walk[:steps]:
        step()
    page = second.page
    first.name(phone.user).password().press().code().press(stay="no")
    assert first.arrived()["state"] == "first"
    second.page = page
    next_step = [*walk, second.code][steps]
    next_step()
    assert second.arrived()["state"] == "second"


def test_what_is_for_everyone_can_be_read_in_a_tab_that_could_continue(
    tabs: tuple[Tab, Tab], phone: SmsDevice, strict: Browser
) -> None:
    first, second = tabs
    handle, _path = journeys.split(second.name(phone.user).page.request["PATH_INFO"])
    first.name(phone.user).password().press().code().press(stay="no")
    pages = [reverse(f"sign_in:{name}") for name in ("help", "privacy", "accessibility")]
    assert [strict.get(f"/j/{handle}{page}").status_code for page in pages] == [200, 200, 200]


def test_a_tab_with_another_account_name_asks_before_it_continues(
    tabs: tuple[Tab, Tab], phone: SmsDevice, make_account: MakeAccount
) -> None:
    first, second = tabs
    first.name(phone.user).password().press().code()
    second.name(make_account("ans123", is_employee=True))
    assert second.page.status_code == 409
    shown = second.page.content.decode()
    assert str(phone.user.account_name) in shown
    link = shown.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert second.open(link).arrived()["state"] == "second"


def test_a_step_up_for_a_service_leads_to_that_service(person: Walk, service: Service, phone: SmsDevice) -> None:
    first, second = (Tab(person.browser, person.outbox) for _number in range(2))
    first.open(service.address(state="first", prompt="login"))
    second.open(service.address(state="second", prompt="login"))
    assert first.press().code().arrived()["state"] == "first"


@pytest.mark.parametrize("state", ["s" * 4000, LONG_STATE], ids=["plain", "quoted"])
def test_a_state_of_4000_characters_comes_back_whole(
    walk: Walk, service: Service, phone: SmsDevice, state: str
) -> None:
    tab = Tab(walk.browser, walk.outbox).open(service.address(state=state))
    paths = []
    steps: list[Callable[[], Tab]] = [lambda: tab.name(phone.user), tab.password, tab.press, tab.code]
    for step in steps:
        step()
        paths.append(tab.page.request["PATH_INFO"] + "?" + tab.page.request["QUERY_STRING"])
    assert max(map(len, paths)) < 100
    assert tab.press(stay="no").arrived()["state"] == state


def test_a_posted_request_with_a_long_state_comes_back_whole(walk: Walk, service: Service, phone: SmsDevice) -> None:
    tab = Tab(walk.browser, walk.outbox).post(service.address(state="s" * 4000))
    tab.name(phone.user).password().press().code().press(stay="no")
    assert tab.arrived()["state"] == "s" * 4000


def test_a_url_of_8_kilobytes_is_not_lost_on_the_way(walk: Walk, service: Service, phone: SmsDevice) -> None:
    address = service.address(state="s" * 2000, id_token_hint="")
    address += "h" * (LONGEST_URL - len(address))
    tab = Tab(walk.browser, walk.outbox).open(address)
    tab.press(account_name="nonsense").press(language="en")
    tab.name(phone.user).password().press().code().press(stay="no")
    assert len(tab.arrived()["state"]) == 2000


def test_a_handle_leads_no_other_browser_to_the_service(
    tabs: tuple[Tab, Tab], phone: SmsDevice, another_walk: Walk
) -> None:
    path = tabs[0].name(phone.user).page.request["PATH_INFO"]
    assert journeys.split(path)[0]
    another_walk.signed_in(phone)
    stranger = another_walk.browser.get(f"/j/{journeys.split(path)[0]}/")
    assert stranger["Location"] == "/"
