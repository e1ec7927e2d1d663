"""What several tests of the authenticator app say the same way: a phone with an app, and the walk to its pages."""

import html
import re
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
    """Return the page as people read it."""
    return html.unescape(response.content.decode())


def uri_on(page: str) -> str:
    """Return the address that opens the app."""
    found = re.search(r'href="(otpauth://[^"]+)"', page)
    assert found, page
    return found[1]


def key_on(page: str) -> bytes:
    """Return the key that an app takes from the page."""
    return b32decode(parse_qs(urlsplit(uri_on(page)).query)["secret"][0])


def code_at(key: bytes, steps: int = 0) -> str:
    """Return what an app shows, so many steps from now."""
    return f"{totp(key, drift=steps):06d}"


def code_of(device: AuthenticatorApp, steps: int = 0) -> str:
    """Return what the app of a device shows."""
    return code_at(device.bin_key, steps)


def wrong_code(device: AuthenticatorApp) -> str:
    """Return a code of no step around now."""
    near = {code_of(device, steps) for steps in range(-3, 4)}
    return next(code for number in range(10) if (code := f"{number:06d}") not in near)


def app_of(account: Account, **fields: Any) -> AuthenticatorApp:
    """Give an account a confirmed app."""
    device: AuthenticatorApp = AuthenticatorApp.objects.create(user=account, confirmed=True, **fields)
    return device


def to_enrollment(walk: Walk, account: Account) -> bytes:
    """Walk until the secret is on the page, and return it."""
    in_english(walk).to_password(account)
    return key_on(page_of(walk.get(ENROLL)))


def enrolled(walk: Walk, account: Account) -> AuthenticatorApp:
    """Walk until the app is registered."""
    key = to_enrollment(walk, account)
    assert post(walk, ENROLL, code=code_at(key)).redirect_chain[-1][0] == "/enroll/done/"
    device: AuthenticatorApp = AuthenticatorApp.objects.get(user=account)
    return device


def to_code(walk: Walk, device: AuthenticatorApp) -> Walk:
    """Walk until the code of the app is asked for."""
    in_english(walk).to_password(device.user)
    assert post(walk, CHOOSE, device=device.persistent_id).redirect_chain == [(CODE, 302)]
    return walk


def signed_in(walk: Walk, device: AuthenticatorApp) -> Walk:
    """Walk all the way."""
    to_code(walk, device)
    assert answer(walk, code_of(device)).redirect_chain
    return walk


def answer(walk: Walk, code: str) -> Any:
    """Enter the code of the app that was chosen."""
    return post(walk, CODE, code=code)


def post(walk: Walk, path: str, **data: str) -> Any:
    """Post a page, redirects followed."""
    return walk.browser.post(path, data, follow=True)


def later() -> float:
    """Return the seconds until the next step has begun."""
    return STEP - time.time() % STEP


def kinds(account: Account) -> list[tuple[str, str]]:
    """Return kind and reason of the account's events, oldest first, without those of the password."""
    events = SecurityEvent.objects.filter(account=account).exclude(kind="password_accepted").order_by("pk")
    return list(events.values_list("kind", "reason"))
