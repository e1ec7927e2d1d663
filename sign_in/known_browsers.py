"""Known browsers: a signed cookie that names the accounts which have completed a sign-in in this browser.

A known browser has budgets of its own, so that wrong passwords and codes elsewhere never lock the owner's usual browser
out. The cookie gives no access (OWASP's device cookies).

Each entry is bound to the account's session epoch. "It was not me", the end of all sessions and a deactivated account
raise the epoch, so a thief's browser is then unknown again. A new password leaves the epoch, so that the owner's usual
browser stays known.
"""

import time
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from accounts.models import Account

COOKIE = "__Host-known" if settings.SECURE else "known"
_SALT = "sign_in.known_browsers"
_MOST = 5  # accounts in one cookie: more people do not share a browser, and a cookie must stay short

# The digest of an account and its epoch, the random key of the budget, and the time of the last completed sign-in.
Entry = tuple[str, str, int]


class KnownAccounts:
    """The accounts for which a browser is known."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = tuple(entries)

    @classmethod
    def of_request(cls, request: HttpRequest) -> Self:
        """Read the cookie. A missing, forged or expired cookie names no account."""
        try:
            state = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=settings.KNOWN_BROWSER_LIFE)
        except signing.BadSignature:
            return cls()
        oldest = time.time() - settings.KNOWN_BROWSER_LIFE.total_seconds()
        return cls((str(digest), str(key), int(at)) for digest, key, at in state if at > oldest)

    @property
    def key(self) -> str:
        """Return what identifies this browser. Empty if no account knows it."""
        return self._entries[0][1] if self._entries else ""

    def budget_of(self, account: Account | None) -> str:
        """Return the key of this browser's own budget for the account. Empty if the browser is unknown to it."""
        found = self._find(account)
        return f"{account.pk}:{found[1]}" if account is not None and found is not None else ""

    def with_account(self, account: Account) -> list[Entry]:
        """Return the entries with the account first, as of now."""
        found = self._find(account)
        mine: Entry = (_digests(account)[0], found[1] if found else get_random_string(12), int(time.time()))
        return [mine, *(entry for entry in self._entries if entry != found)][:_MOST]

    def _find(self, account: Account | None) -> Entry | None:
        if account is None or not self._entries:
            return None
        digests = _digests(account)
        return next((one for one in self._entries if any(constant_time_compare(one[0], own) for own in digests)), None)


def is_known(request: HttpRequest, account: Account | None) -> bool:
    """Return whether the account has completed a sign-in in this browser since its epoch was last raised."""
    return bool(KnownAccounts.of_request(request).budget_of(account))


def remember(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Make the browser known to the account. Call it only after a second factor was verified in this browser."""
    entries = KnownAccounts.of_request(request).with_account(account)
    cookie: dict[str, Any] = {"secure": settings.SECURE, "httponly": True, "samesite": "Lax"}
    response.set_cookie(COOKIE, signing.dumps(entries, salt=_SALT), max_age=settings.KNOWN_BROWSER_LIFE, **cookie)


def _digests(account: Account) -> list[str]:
    """Return the digests of the account and its epoch: by the secret key, then by each older one."""
    value = f"{account.pk}:{account.session_epoch}"
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(_SALT, value, secret=secret, algorithm="sha256").hexdigest()[:16] for secret in secrets]
