"""A portal, Apache with several services, and a browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.apache import Apache
from tests.browser.conftest import chromium as chromium
from tests.browser.conftest import chromium_path as chromium_path
from tests.browser.guide import Guide
from tests.browser.people import PATIENCE, People, Phone, Student
from tests.browser.portal import Portal, PortalProcess
from tests.browser.visitor import axe
from tests.browser.words import DANISH
from tests.oidc.services import Service
from tests.portal_shell import run_in_portal

MAIL = Service("kumail", "KUmail")
LIBRARY = Service("library", "Biblioteket")
BANK = Service("payroll", "Lønsystemet", "ui_locales=da&max_age=0")
EMPLOYEES = Service("staff", "Medarbejdersiden", fields={"students": False})
CLUB = Service("club", "Studenterklubben", fields={"asks_consent": True})
SERVICES = [MAIL, LIBRARY, BANK, EMPLOYEES, CLUB]

_REGISTER = """
from sso.models import Client

for row in {rows!r}:
    Client.objects.create(**row)
"""


@dataclass
class World:
    """The portal with its people."""

    portal: Portal
    people: People


@pytest.fixture(scope="module")
def world(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Yield everything except the browser, for all tests of a file."""
    process = PortalProcess(tmp_path_factory.mktemp("portal"))
    process.env["PORTAL_URL"] = f"http://localhost:{process.port}"
    portal = process.start()
    apache = Apache()
    try:
        register(process.env, SERVICES)
        people = People(process.env)
        apache.start({service: service.directives(portal.url) for service in SERVICES})
        yield World(portal, people)
    finally:
        apache.stop()
        process.stop()


@pytest.fixture
def page(chromium: Browser, world: World) -> Iterator[Page]:
    """Yield a browser page in Danish. Afterwards, fail if a page violated its content security policy."""
    context = chromium.new_context(locale="da-DK", base_url=world.portal.url)
    context.set_default_timeout(PATIENCE * 1000)
    complaints: list[str] = []
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield context.new_page()
    context.close()
    policy = [text for text in complaints if "Content Security Policy" in text]
    assert not policy, policy


@pytest.fixture
def guide(page: Page, world: World) -> Guide:
    """Return the guide in Danish for a student with a registered phone."""
    student: Student = world.people.enrolled()
    return Guide(page, DANISH, student, Phone(world.portal.var, student.e164))


def register(env: dict[str, str], services: list[Service]) -> None:
    """Create the row of each service. `manage.py run` created the portal's keys."""
    run_in_portal(env, _REGISTER.format(rows=[service.row for service in services]))


def names(page: Page, service: Service) -> None:
    """Wait until the portal's page names the service that the sign-in leads to."""
    expect(page.get_by_text(f"Log ind for at fortsætte til {service.name}")).to_be_visible()


def walk(guide: Guide, service: Service, *, remembered: bool = False) -> None:
    """Walk S1 to S5. Pages on the way must name the service."""
    names(guide.page, service)
    guide.account_name(remembered=remembered)
    names(guide.page, service)
    guide.password()
    guide.choose()
    names(guide.page, service)
    guide.sign_in_code()
    guide.stay("Nej")


def is_at(page: Page, service: Service) -> None:
    """Wait for the protected page of the service."""
    expect(page).to_have_url(f"{service.url}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Service")


def can_be_read(page: Page) -> None:
    """Check a page of the portal for overflow and with axe, on a narrow dark and a wide light screen."""
    screens: tuple[tuple[int, Any], ...] = ((320, "dark"), (1280, "light"))
    for width, scheme in screens:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert axe(page) == []


def claim(page: Page, name: str) -> str:
    """Return a claim that the service received."""
    return page.locator(f"#{name}").inner_text()
