"""Journeys: each tab of a browser has its own way through the sign-in, to its own destination.

The path of each page of a journey begins with a short handle, as in `/j/3kTq8vWcRz1M/sign-in/verify/`. The session
keeps the destination under that handle, so a destination may be long and no URL repeats it. Flows are kept under the
same handle (`sign_in.flow`). `JourneyMiddleware` makes the handle a script prefix. So every link, redirect and form of
these pages stays in the journey, and no view has to know of it.

SECURITY: a handle gives no access. It only selects among what the session of this browser keeps.
"""

import re
import secrets

from django.http import HttpRequest
from django.urls import set_script_prefix

_DESTINATIONS = "journeys"
_KEPT = 6  # the newest ones; a destination may be 16 kB, and each request reads the session
_PREFIX = re.compile(r"/j/([A-Za-z0-9_-]{12})(?=/)")


def split(path: str) -> tuple[str, str]:
    """Return the handle in a path, or an empty string, and the path without it."""
    match = _PREFIX.match(path)
    return (match[1], path[match.end() :]) if match else ("", path)


def current(request: HttpRequest) -> str:
    """Return the handle of the request's journey. Empty outside a journey."""
    return getattr(request, "journey", "")


def enter(request: HttpRequest, handle: str) -> None:
    """Let the links and redirects of the response lead to pages of this journey. Empty: to pages outside journeys."""
    request.journey = handle  # type: ignore[attr-defined]
    set_script_prefix(f"/j/{handle}/" if handle else "/")


def open_journey(request: HttpRequest, destination: str) -> None:
    """Continue in a journey to this destination, which must be a safe URL or empty.

    The current journey goes on if it leads there, or if there is no destination.
    """
    if not destination or destination == destination_of(request):
        return
    handle = secrets.token_urlsafe(9)
    kept = list(_destinations(request).items())[1 - _KEPT :]
    request.session[_DESTINATIONS] = dict([*kept, (handle, destination)])
    enter(request, handle)


def destination_of(request: HttpRequest) -> str:
    """Return where the request's journey leads. Empty outside a journey, and if this browser does not know it."""
    return _destinations(request).get(current(request), "")


def short_destination(request: HttpRequest, destination: str) -> str:
    """Return a short URL that leads a signed-in user of this browser to the destination."""
    handle = current(request)
    return f"/j/{handle}/" if handle and destination == destination_of(request) else destination


def _destinations(request: HttpRequest) -> dict[str, str]:
    known: dict[str, str] = request.session.get(_DESTINATIONS, {})
    return known
