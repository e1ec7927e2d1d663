"""A form that is sent twice, for example by a double click on a slow line, gets the result of the first press.

The first press moves the session to a new key. The browser gives that response up when it sends the form again, so the
second press still has the old key. Without this, the sign-in would be lost.

SECURITY: the old key alone gives no access (ASVS 7.2.4). Only the very same form is answered: the same path and the
same fields, which include the CSRF token of the page, and the password or code. The answer is a copy of the first one.
It is kept for some seconds.
"""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from common import keyed_digests
from common.middleware import GetResponse

logger = logging.getLogger(__name__)

_KEPT = 10  # seconds; a later press is one of its own
_LONGEST_WAIT = 3.0  # seconds for the first press to end
_PAUSE = 0.05
_RUNNING = "running"
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


class RepeatMiddleware:
    """Answers a repeated form with the redirect of the first press. Must be outside the session middleware."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the first press and keep its redirect, or answer a repeat of it with a copy."""
        key = _key(request)
        if key is None:
            return self.get_response(request)
        if _try(cache.add, key, _RUNNING, _KEPT) is False:
            return _first_answer(key) or self.get_response(request)
        response = self.get_response(request)
        if response.status_code == 302 and _is_used_up(request, response):
            _try(cache.set, key, (response["Location"], response.cookies), _KEPT)
        else:
            _try(cache.delete, key)
        return response


def _key(request: HttpRequest) -> str | None:
    """Return what identifies the form of this browser, or None if the request is no form of a page."""
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if request.method != "POST" or not session_key or request.content_type != "application/x-www-form-urlencoded":
        return None
    try:
        if _TOKEN not in request.POST:
            return None
        parts = (session_key, request.path, request.headers.get("User-Agent", ""), request.POST.urlencode())
    except (SuspiciousOperation, UnreadablePostError, BadRequest, MultiPartParserError):
        return None
    return "repeat:" + keyed_digests.digest("sessions.repeats", "\n".join(parts))


def _is_used_up(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether the same form could not succeed again: it moved the session, or used a code up."""
    return settings.SESSION_COOKIE_NAME in response.cookies or "code" in request.POST


def _first_answer(key: str) -> HttpResponse | None:
    """Wait for the first press to end. Return a copy of its redirect, or None if it did not end with one."""
    ends = time.monotonic() + _LONGEST_WAIT
    while (kept := _try(cache.get, key)) == _RUNNING:
        if time.monotonic() > ends:
            return None
        time.sleep(_PAUSE)
    if kept is None:
        return None
    location, cookies = kept
    response = HttpResponse(status=302, headers={"Location": location})
    response.cookies = cookies
    return response


def _try(call: Any, *args: Any) -> Any:
    """Return the result, or None if the cache fails. Then a repeat is a press of its own."""
    try:
        return call(*args)
    except Exception as error:
        logger.warning("the cache did not answer (%s)", type(error).__name__)
        return None
