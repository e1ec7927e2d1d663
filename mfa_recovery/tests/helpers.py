"""Helpers for the tests of the recovery codes."""

import re
from typing import Any

from accounts.models import Account
from common.client_info import ClientInfo
from mfa_recovery import making
from tests.fixtures import Browser, Walk

PAGE = "/security-info/recovery-codes/"
VERIFY = "/sign-in/verify/recovery-code/"
SHOWN = re.compile(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5}-[A-Z2-9]{5})</li>")
WRONG = "AAAAA-AAAAA-AAAAA"


def make_codes(account: Account) -> tuple[str, ...]:
    """Make new codes for the account and return them."""
    made = making.make_sheet(account, making.made_sheet(account).number, ClientInfo())
    assert made is not None
    return made.codes


def press(browser: Browser, **data: str) -> Any:
    """Open the page and press its button."""
    sheet = re.search(r'name="sheet" value="(\d+)"', browser.get(PAGE).content.decode())
    assert sheet
    return browser.post(PAGE, {"sheet": sheet[1], **data})


def shown(response: Any) -> list[str]:
    """Return the codes that the page shows."""
    return SHOWN.findall(response.content.decode())


def enter(walk: Walk, code: str) -> Any:
    """Enter a code on the page for recovery codes."""
    return walk.browser.post(VERIFY, {"code": code})


def in_english(walk: Walk) -> Walk:
    """Switch the browser to English."""
    walk.browser.cookies["language"] = "en"
    return walk
