"""A service's callback redirects to another origin, as brokers and load balancers do. Every form still arrives.

Chromium applies `form-action` to each redirect after a form. Only a browser shows whether a form arrives.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from sso.tests.oidc.service import challenge
from tests.browser.guide import Guide
from tests.browser.people import PATIENCE, People, Phone
from tests.browser.words import DANISH
from tests.entra.live import Live, LiveProcess
from tests.entra.standin import User
from tests.portal_shell import run_in_portal

_REGISTER = """
from sso.models import Client

for row in {rows!r}:
    Client.objects.create(**row)
"""


class Hop:
    """A callback that redirects every request to a page of a third origin, whose heading is "Arrived"."""

    def __init__(self) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.port = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/cb"
        self.third = f"http://127.0.0.2:{self.port}/app"
        self._third = ThreadingHTTPServer(("127.0.0.2", self.port), _Handler)
        for server in (self._http, self._third):
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def close(self) -> None:
        for server in (self._http, self._third):
            server.shutdown()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        arrived = self.path.startswith("/app")
        body = b"<!doctype html><title>Arrived</title><h1>Arrived</h1>" if arrived else b""
        self.send_response(200 if arrived else 302)
        if not arrived:
            self.send_header("Location", f"http://127.0.0.2:{self.connection.getsockname()[1]}/app")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *args: Any) -> None:
        """Suppress the log."""


@dataclass
class World:
    """The portal with its people, a tenant, and the callback."""

    live: Live
    people: People
    hop: Hop

    def address(self, client_id: str, **more: str) -> str:
        asked = {
            "client_id": client_id,
            "redirect_uri": self.hop.url,
            "response_type": "code",
            "scope": "openid",
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
            **more,
        }
        return f"{self.live.portal.url}/oidc/authorize/?{urlencode(asked)}"


@pytest.fixture(scope="module")
def world(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    hop = Hop()
    process = LiveProcess(tmp_path_factory.mktemp("third"), hop.url)
    live = process.start()
    try:
        common = {"redirect_uris": hop.url, "post_logout_redirect_uris": hop.url}
        rows = [
            {"client_id": name, "name_da": name, "name_en": name, "asks_consent": asks, **common}
            for name, asks in (("hop", False), ("club", True))
        ]
        run_in_portal(live.env, _REGISTER.format(rows=rows))
        yield World(live, People(live.env), hop)
    finally:
        process.stop()
        hop.close()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(scripts: bool, chromium: Browser, world: World) -> Iterator[Page]:
    """Yield a page with or without scripts. A form that the policy blocks fails the test by its console message."""
    context = chromium.new_context(locale="da-DK", base_url=world.live.portal.url, java_script_enabled=scripts)
    context.set_default_timeout(PATIENCE * 1000)
    complaints: list[str] = []
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield context.new_page()
    context.close()
    assert not [text for text in complaints if "Content Security Policy" in text]


@pytest.fixture
def guide(page: Page, world: World) -> Guide:
    student = world.people.enrolled()
    return Guide(page, DANISH, student, Phone(world.live.portal.var, student.e164))


def sign_in(guide: Guide) -> None:
    guide.account_name()
    guide.password()
    guide.choose()
    guide.sign_in_code()
    guide.stay(guide.words.no)


def arrives(page: Page, world: World) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Arrived")
    assert page.url == world.hop.third


def test_sign_in_consent_and_sign_out_arrive_behind_the_callback(page: Page, guide: Guide, world: World) -> None:
    page.goto(world.address("hop"))
    sign_in(guide)
    arrives(page, world)
    page.goto(world.address("club"))
    guide.press("Fortsæt")
    arrives(page, world)
    page.goto(f"/oidc/logout/?{urlencode({'client_id': 'hop', 'post_logout_redirect_uri': world.hop.url})}")
    guide.press("Log ud")
    arrives(page, world)


def test_the_answer_to_entra_arrives_behind_its_page(page: Page, guide: Guide, world: World, scripts: bool) -> None:
    server = world.live.server
    server.users[guide.person.account_name] = User(guide.person.account_name)
    server.entra.redirect_uri = world.hop.url
    page.goto(server.start(guide.person.account_name))
    if not scripts:
        guide.press("Continue")
    guide.choose()
    guide.sign_in_code()
    if not scripts:
        guide.press("Fortsæt")
    arrives(page, world)
