"""For which service somebody signs in, so that the pages can say its name. Other apps register how they know."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.functional import Promise

from accounts import onward, sign_in
from accounts.clock import clock
from accounts.sign_in import PendingSignIn

NameOf = Callable[[str], str | Promise]

_finders: list[NameOf] = []


def register(find: NameOf) -> None:
    """Add a way to know a service: takes where a sign-in leads, a safe address; returns its name, empty if unknown."""
    _finders.append(find)


def name(request: HttpRequest) -> str:
    """Return the name of the service that waits for this sign-in, in the person's language; empty where none does."""
    from accounts import outside

    pending = _flow(request)
    if pending is not None and pending.party:
        return str(outside.party(pending).name)
    where = pending.next if pending else ""
    asked = request.POST.get("next") or request.GET.get("next", "")
    where = onward.safe(request, asked) or where
    return next((str(found) for find in _finders if where and (found := find(where))), "")


def until(request: HttpRequest) -> str:
    """Return the clock time until which the service takes an answer; empty where it waits as long as the flow lives."""
    pending = _flow(request)
    if pending is None or not pending.ends_at:
        return ""
    return clock(datetime.fromtimestamp(pending.ends_at, UTC))


def _flow(request: HttpRequest) -> PendingSignIn | None:
    return sign_in.peek(request) if hasattr(request, "session") else None
