"""Helpers for the tests of the authenticator app: the codes of an app, and the way to its pages."""

import html
import re
import secrets
import time
from base64 import b32decode
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django_otp.oath import totp

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_totp.models import AuthenticatorApp
from tests.fixtures import Walk

ENROLL = "/enroll/app/"
CHOOSE = "/sign-in/verify/app/"
CODE = "/sign-in/verify/app/code/"
STEP = 30  # seconds


def in_english(walk: Walk) -> Walk:
    """Switch the browser to English."""
    walk.browser.cookies["language"] = "en"
    return walk


def page_of(response: Any) -> str:
    """Return the page with its HTML entities decoded."""
    return html.unescape(response.content.decode())


def uri_on(page: str) -> str:
    """Return the `otpauth:` URI of the link on the page."""
    found = re.search(r'href="(otpauth://[^"]+)"', page)
    assert found, page
    return found[1]


def key_on(page: str) -> bytes:
    """Return the key that an app reads from the page."""
    return b32decode(parse_qs(urlsplit(uri_on(page)).query)["secret"][0])


def code_at(key: bytes, steps: int = 0) -> str:
    """Return the code that an app with this key shows `steps` time steps from now."""
    return f"{totp(key, drift=steps):06d}"


def code_of(device: AuthenticatorApp, steps: int = 0) -> str:
    """Return the code that the app of the device shows `steps` time steps from now."""
    return code_at(device.bin_key, steps)


def wrong_code(device: AuthenticatorApp) -> str:
    """Return a code that matches no step near the current one."""
    near = {code_of(device, steps) for steps in range(-3, 4)}
    return next(code for number in range(10) if (code := f"{number:06d}") not in near)


def app_of(account: Account, **fields: Any) -> AuthenticatorApp:
    """Create a confirmed app for the account."""
    device: AuthenticatorApp = AuthenticatorApp.objects.create(
        user=account, **{"confirmed": True, "bin_key": secrets.token_bytes(20), **fields}
    )
    return device


def to_enrollment(walk: Walk, account: Account) -> bytes:
    """Go to the page that shows the secret and return the key."""
    in_english(walk).to_password(account)
    return key_on(page_of(walk.get(ENROLL)))


def enrolled(walk: Walk, account: Account) -> AuthenticatorApp:
    """Register an app on the enrollment pages and return its device."""
    key = to_enrollment(walk, account)
    assert post(walk, ENROLL, code=code_at(key)).redirect_chain[-1][0] == "/enroll/done/"
    device: AuthenticatorApp = AuthenticatorApp.objects.get(user=account)
    return device


def to_code(walk: Walk, device: AuthenticatorApp) -> Walk:
    """Go to the page that asks for the code of the app."""
    in_english(walk).to_password(device.user)
    assert post(walk, CHOOSE, device=device.persistent_id).redirect_chain == [(CODE, 302)]
    return walk


def signed_in(walk: Walk, device: AuthenticatorApp) -> Walk:
    """Sign in with a code of the app."""
    to_code(walk, device)
    assert answer(walk, code_of(device)).redirect_chain
    return walk


def answer(walk: Walk, code: str) -> Any:
    """Enter a code for the chosen app."""
    return post(walk, CODE, code=code)


def post(walk: Walk, path: str, **data: str) -> Any:
    """Post to a page and follow redirects."""
    return walk.browser.post(path, data, follow=True)


def later() -> float:
    """Return the seconds until the next step begins."""
    return STEP - time.time() % STEP


def kinds(account: Account) -> list[tuple[str, str]]:
    """Return the kind and reason of the account's events, oldest first, without the password's events."""
    events = SecurityEvent.objects.filter(account=account).exclude(kind="password_accepted").order_by("pk")
    return list(events.values_list("kind", "reason"))
