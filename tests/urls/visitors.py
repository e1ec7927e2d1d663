"""The visitors of the table, the URLs that they try, and what a URL does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import transaction
from django.urls import resolve, reverse

from accounts.models import Account
from helpdesk.tests.people import agent_of, browser_of
from mfa_sms.models import SmsDevice
from mfa_totp.tests import helpers as app_pages
from mfa_totp.tests.helpers import app_of
from sso import keys
from sso.models import SigningKey
from sso.tests.oidc.service import Service, register
from tests.fixtures import Browser, MakeAccount, Outbox, Walk, confirmed_phone
from tests.helpers import every_path, single_use_code, with_cookies_of
from tests.urls.table import DESTINATIONS

DEVICE_PAGES = ("sign_in:device_change", "sign_in:device_remove", "sign_in:device_first", "sign_in:device_name")


@dataclass
class Scene:
    """The data for the visits: a student with a phone, and a service that sends browsers here."""

    make_account: MakeAccount
    outbox: Outbox
    phone: SmsDevice
    service: Service

    @classmethod
    def made(cls, make_account: MakeAccount, outbox: Outbox) -> "Scene":
        """Return a new scene."""
        keys.rotate(SigningKey.Use.OIDC)
        return cls(make_account, outbox, confirmed_phone(make_account("stu123", is_student=True)), register())

    def urls(self) -> dict[str, str]:
        """Return one URL for each pattern. Device pages are those of the student's phone."""
        phone = {name: reverse(name, args=["mfa_sms", self.phone.pk]) for name in DEVICE_PAGES}
        return {**every_path(), **phone, "sso:authorize": self.service.address()}

    def named(self, account: Account) -> Browser:
        """Return a browser that has entered the name of the account, and no password."""
        walk = Walk(self.outbox)
        walk.name(account)
        return walk.browser

    def password(self, account: Account) -> Browser:
        """Return a browser that has entered the right password of the account, and nothing more."""
        return Walk(self.outbox).to_password(account).browser


def _with_method(scene: Scene) -> Account:
    return scene.phone.user


def _without_method(scene: Scene) -> Account:
    return scene.make_account("new456", is_student=True)


def _administrator(scene: Scene) -> Account:
    account = agent_of("", "adm567", is_superuser=True)
    single_use_code(account)
    return account


def _employee(scene: Scene) -> Browser:
    walk = Walk(scene.outbox)
    app_pages.signed_in(walk, app_of(scene.make_account("emp789", is_employee=True)))
    walk.stay()
    return walk.browser


Visitor = Callable[[Scene], Browser]
VISITORS: dict[str, Visitor] = {
    "anonymous": lambda scene: Browser(),
    "password, method": lambda scene: scene.password(_with_method(scene)),
    "password, none": lambda scene: scene.password(_without_method(scene)),
    "student": lambda scene: Walk(scene.outbox).signed_in(scene.phone).browser,
    "employee": _employee,
}
# Accounts of which a thief knows the password.
ACCOUNTS: dict[str, Callable[[Scene], Account]] = {
    "a method": _with_method,
    "no method": _without_method,
    "an administrator": _administrator,
}


def staff(role: str) -> Visitor:
    """Return the visitor who is signed in with a role in the admin."""
    return lambda scene: browser_of(agent_of(role, "agt111", is_superuser=role == "superuser"), scene.outbox)


@contextmanager
def undone() -> Iterator[None]:
    """Undo what happens in the database and in the cache, so that one visitor can try every URL."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)
    cache.clear()


def visit(browser: Browser, method: str, url: str, **options: Any) -> tuple[Browser, Any]:
    """Open the URL in a copy of the browser. Return the copy and the response. A POST has an empty body."""
    copy = with_cookies_of(browser)
    return copy, getattr(copy, method)(url, **options)


def outcome(response: Any) -> str:
    """Return the status of the response, or the name of the place to which it leads, as in the table.

    A request of a service is answered with the first page of the sign-in itself.
    """
    if not 300 <= response.status_code < 400:
        arrived = b'name="next"' in response.content and b'name="account_name"' in response.content
        return "sign-in" if arrived else str(response.status_code)
    url = urlsplit(response["Location"])
    place = f"{url.scheme}://{url.netloc}{url.path}" if url.netloc else resolve(url.path).view_name
    return next((name for name, known in DESTINATIONS.items() if known == place), place)
