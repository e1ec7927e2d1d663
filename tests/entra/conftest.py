"""A tenant, its users, and a browser that carries forms between the tenant and the portal."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import RefusalCount, SecurityEvent
from mfa_sms.models import SmsDevice
from sso import events as sso_events
from sso import keys
from sso.models import EntraAttempt, SigningKey, Tenant
from tests.entra.server import Server
from tests.entra.standin import Entra, User
from tests.fixtures import Browser, Outbox, Walk

HOME = "https://login.microsoftonline.com/common/federation/externalauthprovider"

_ACTION = re.compile(r'<form id="answer" method="post" action="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture(autouse=True)
def signing_key(db: None, settings: Settings) -> SigningKey:
    """Return the portal's key for Entra. A short key is quicker to generate."""
    settings.SSO_KEY_BITS = 2048
    return keys.rotate(SigningKey.Use.ENTRA)


@pytest.fixture
def entra(db: None) -> Entra:
    """Return the tenant."""
    return make_entra()


@pytest.fixture
def tenant(entra: Entra) -> Tenant:
    """Return the tenant's row: enabled, with keys that were read just now."""
    return make_tenant(entra)


def make_entra() -> Entra:
    """Return a tenant that reads the portal's documents with a test client."""

    def fetch(url: str) -> tuple[bytes, dict[str, str]]:
        response = Browser().get(urlsplit(url).path)
        return response.content, dict(response.headers)

    return Entra(f"{django_settings.ENTRA_ISSUER}/.well-known/openid-configuration", HOME, fetch)


def make_tenant(entra: Entra, **fields: Any) -> Tenant:
    """Create the row of an enabled tenant."""
    common = {
        "name": "KU",
        "tenant_id": entra.tenant_id,
        "client_id": entra.client_id,
        "app_id": entra.app_id,
        "metadata_url": f"https://login.microsoftonline.com/{entra.tenant_id}/v2.0/.well-known/openid-configuration",
        "is_pilot": False,
        "is_enabled": True,
        "issuer": entra.issuer,
        "keys": entra.jwks,
        "fetched_at": timezone.now(),
    }
    return Tenant.objects.create(**{**common, **fields})


@pytest.fixture
def user(student: Account) -> User:
    """Return the student as a user of the tenant."""
    return User(str(student.account_name))


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    """Yield the tenant's web server. DEBUG is on, because http is allowed only in development."""
    settings.DEBUG = True
    running = Server("http://testserver/unused")
    yield running
    running.close()


@pytest.fixture
def read(server: Server, db: None) -> Tenant:
    """Return a tenant whose keys were never read."""
    return make_tenant(server.entra, metadata_url=server.metadata_url, keys={}, issuer="", fetched_at=None)


@dataclass
class Carrier:
    """A browser that comes from the tenant and carries the response back. A cross-site form sends no cookie."""

    entra: Entra
    outbox: Outbox
    walk: Walk = field(init=False)

    def __post_init__(self) -> None:
        self.walk = Walk(self.outbox)

    @property
    def browser(self) -> Browser:
        return self.walk.browser

    def post(self, fields: dict[str, str]) -> Any:
        """Post a request as a cross-site form does, and return the response."""
        stranger = Browser()
        response = stranger.post("/entra/authorize/", fields)
        for name, cookie in stranger.cookies.items():
            self.browser.cookies[name] = cookie.value
        return response

    def arrive(self, fields: dict[str, str]) -> Any:
        """Post a request and follow its redirects."""
        return self.browser.get(self.post(fields)["Location"], follow=True)

    def by_sms(self, device: SmsDevice) -> Any:
        """Verify with a phone on the portal's pages."""
        self.walk.send(device)
        return self.walk.code()

    def back(self, page: Any) -> User:
        """Post the response in this page to the tenant. Return the user who is signed in there."""
        return self.entra.judge(answer_of(page))


@pytest.fixture
def carrier(entra: Entra, tenant: Tenant, sms_outbox: Outbox) -> Carrier:
    """Return a person with a browser and a phone who comes from the tenant."""
    return Carrier(entra, sms_outbox)


@pytest.fixture
def make_carrier(entra: Entra, tenant: Tenant, sms_outbox: Outbox) -> Callable[[], Carrier]:
    """Return a function that creates another carrier."""
    return lambda: Carrier(entra, sms_outbox)


def answer_of(page: Any) -> dict[str, str]:
    """Return the fields of the form that goes back to the tenant."""
    text = page.content.decode()
    action = _ACTION.search(text)
    assert action, text
    assert html.unescape(action[1]) == HOME
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(text.partition('<form id="answer"')[2])}


def refused() -> list[tuple[str, int | None]]:
    """Return the reason and the account's id of each refusal: requests without trust, then people."""
    counts = RefusalCount.objects.filter(kind=sso_events.SERVICE_REFUSED).order_by("pk")
    untrusted = [(row.reason, None) for row in counts for _time in range(row.count)]
    events = SecurityEvent.objects.filter(kind=sso_events.SERVICE_REFUSED).order_by("pk")
    return [*untrusted, *events.values_list("reason", "account_id")]


def the_attempt() -> EntraAttempt:
    """Return the only attempt."""
    return EntraAttempt.objects.get()
