"""The service that a user signs in to, so that pages can show its name. Other apps register how to find it."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.utils.functional import Promise

from common import safe_redirect
from common.clock import clock
from sign_in import external_mfa, flow, journeys, remember_me
from sign_in.pending import PendingSignIn

_ARRIVED_FOR = "sign_in_for"

NameOf = Callable[[str], str | Promise]
HintOf = Callable[[str], str]

_finders: list[NameOf] = []
_hints: list[HintOf] = []


def register_service_finder(find: NameOf, hint: HintOf | None = None) -> None:
    """Add a function that returns the name of the service at a safe URL, or an empty string.

    `hint` takes the same URL. It returns the account name of the user that the service expects, or an empty string.
    """
    _finders.append(find)
    if hint is not None:
        _hints.append(hint)


def expected_name(request: HttpRequest) -> str:
    """Return the account name of the user that the service expects, or an empty string."""
    where = destination(request)
    return next((found for hint in _hints if where and (found := hint(where))), "")


def service_name(request: HttpRequest) -> str:
    """Return the name of the service that waits for this sign-in, in the user's language. Empty without a service."""
    pending = _flow(request)
    if pending is not None and pending.relying_party:
        return str(external_mfa.relying_party_of(pending).name)
    where = destination(request)
    return next((str(found) for find in _finders if where and (found := find(where))), "")


def destination(request: HttpRequest) -> str:
    """Return the safe URL to which this browser's sign-in leads at its end, or an empty string."""
    if not hasattr(request, "session"):
        return ""
    asked = asked_destination(request)
    if asked:
        return asked
    in_journey = journeys.destination_of(request)  # stays the same while a flow leads to a backup method first
    if in_journey:
        return in_journey
    pending, question = flow.peek_flow(request), remember_me.open_question(request.session)
    if pending:
        return pending.next
    return question.next if question else ""


def asked_destination(request: HttpRequest) -> str:
    """Return the safe URL that this very request names: in the field or parameter `next`, or by `arrive`."""
    named = getattr(request, _ARRIVED_FOR, "") or posted(request, "next") or request.GET.get("next", "")
    return safe_redirect.safe_redirect_url(request, named)


def arrive(request: HttpRequest, url: str) -> None:
    """Let the sign-in that begins on this page lead to the URL."""
    setattr(request, _ARRIVED_FOR, url)


def posted(request: HttpRequest, field: str) -> str:
    """Return a field of the posted form. Empty if it is missing or the request is malformed."""
    try:
        return request.POST.get(field, "")
    except (BadRequest, SuspiciousOperation, OSError):
        return ""


def service_deadline(request: HttpRequest) -> str:
    """Return the clock time until which the service accepts an answer. Empty if only the flow's own limit applies."""
    pending = _flow(request)
    if pending is None or not pending.ends_at:
        return ""
    return clock(datetime.fromtimestamp(pending.ends_at, UTC))


def _flow(request: HttpRequest) -> PendingSignIn | None:
    return flow.peek_flow(request) if hasattr(request, "session") else None
