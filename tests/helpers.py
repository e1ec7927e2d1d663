"""Shared helpers for sign-in tests: second browsers, signed-in staff, and snapshots of the database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django_otp.plugins.otp_static.models import StaticDevice

from accounts.models import Account
from audit.models import RefusalCount, SecurityEvent
from backoffice import events as backoffice_events
from helpdesk import registry as helpdesk_registry
from helpdesk.registry import HelpdeskAction
from limits import catalogue
from limits.models import LimitCounter
from sessions.models import Session
from sign_in import methods
from sign_in.methods import Method, registry
from tests.fixtures import Browser, Walk

STATIC_CODE = "/sign-in/verify/static-code/"

_CSRF = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')
_REFERENCE = re.compile(r'(class="reference">)[^<]+')
_SAMPLES = {"uidb64": "MQ", "token": "set-password", "app_label": "accounts", "url": "nowhere"}


@contextmanager
def registered_methods(*added: Method, without: str = "") -> Iterator[None]:
    """Register more methods besides the portal's own, and leave out the method `without`."""
    with patch.dict(registry._methods):
        registry._methods.pop(without, None)
        for method in added:
            methods.register(method)
        yield


@contextmanager
def registered_actions(*added: HelpdeskAction) -> Iterator[None]:
    """Register more helpdesk actions besides the portal's own."""
    with patch.dict(helpdesk_registry._actions):
        for action in added:
            helpdesk_registry.register(action)
        yield


def mask(response: Any, *names: str) -> str:
    """Return the page without the parts that differ between any two requests. Each of `names` becomes NAME."""
    text = _REFERENCE.sub(r"\1…", _CSRF.sub(r"\1…", response.content.decode()))
    for name in names:
        text = text.replace(name, "NAME")
    return text


def kinds() -> list[str]:
    """Return the kinds of all events, oldest first."""
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))


def with_cookies_of(browser: Client) -> Browser:
    """Return a second browser that replays the current cookies of the first one."""
    thief = Browser()
    for name, cookie in browser.cookies.items():
        thief.cookies[name] = cookie.value
    return thief


def is_signed_in(browser: Client) -> bool:
    """Return whether this browser may open the page of login methods."""
    return browser.get("/security-info/").status_code == 200


def session_carries_an_account(browser: Client) -> bool:
    """Return whether the session of this browser belongs to an account."""
    return SESSION_KEY in browser.session


def request_of(browser: Client) -> HttpRequest:
    """Return a request with the session of this browser, for functions that are called without a page."""
    request = RequestFactory().get("/")
    request.session = browser.session
    return request


def single_use_code(account: Account, code: str = "abcdefgh") -> StaticDevice:
    """Give a member of staff one single-use code."""
    device: StaticDevice
    device, _made = StaticDevice.objects.get_or_create(user=account, defaults={"confirmed": True})
    device.token_set.create(token=code)
    return device


def staff_signed_in(walk: Walk, account: Account) -> Browser:
    """Sign a member of staff in with a password and a single-use code."""
    single_use_code(account)
    walk.to_password(account)
    assert walk.browser.post(STATIC_CODE, {"code": "abcdefgh"}).status_code == 302
    return walk.browser


def picture() -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table except the sessions, by model label.

    The records of error pages and of refusals to staff are left out, because a GET writes them too.
    """
    records: dict[Any, dict[str, Any]] = {
        SecurityEvent: {"kind": backoffice_events.ACCESS_REFUSED},
        RefusalCount: {"kind": backoffice_events.PAGE_FAILED},
        LimitCounter: {"limit": catalogue.STAFF_REFUSALS_OF_AGENT.name},
    }
    return {
        model._meta.label: sorted(
            model._base_manager.exclude(**records.get(model, {"pk": None})).values_list(), key=repr
        )
        for model in apps.get_models()
        if model is not Session
    }


def every_path() -> dict[str, str]:
    """Return one path for each pattern of the URLconf, by the full name of the pattern."""
    found: dict[str, str] = {}
    _collect(get_resolver().url_patterns, "/", found)
    return found


def _collect(patterns: list[URLPattern | URLResolver], prefix: str, found: dict[str, str]) -> None:
    for pattern in patterns:
        path = prefix + _concrete(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            _collect(pattern.url_patterns, path, found)
            continue
        match = resolve(path)
        assert match.func is pattern.callback, f"{path} is not the address of {pattern}"
        found[match.view_name if pattern.name else path] = path


def _concrete(route: str) -> str:
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).strip("^$")
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: _SAMPLES.get(match[1], "1"), route)
