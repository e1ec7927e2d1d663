"""Middleware for every request: its reference, its language, caching, and the page for a `Problem`."""

import math
import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone, translation

from common import languages, problem_pages
from common.problems import Problem
from common.references import begin_log_context, log_request_id, new_reference

GetResponse = Callable[[HttpRequest], HttpResponse]

_REQUEST_ID = re.compile(r"[A-Za-z0-9@_-]{16,64}", re.ASCII)


class ReferenceMiddleware:
    """Gives each request a reference. It is the outermost middleware, so every log record of the request carries it.

    The response has the reference in a header: proxies can log it, and clients without pages can quote it. The id that
    a trusted proxy gave the request is a field of the log, and is sent back. SECURITY: security events have the
    reference alone, because a client could choose the id.
    """

    header = "X-Reference"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set `request.reference` and start the log context.

        Django logs refused requests after the last middleware, so the context ends with the signal `request_finished`.
        """
        reference = new_reference()
        request.reference = reference  # type: ignore[attr-defined]
        begin_log_context(reference)
        request_id = _request_id(request)
        if request_id:
            log_request_id(request_id)
        response = self.get_response(request)
        response.headers[self.header] = reference
        response.headers["X-Request-ID"] = request_id or reference
        return response


def _request_id(request: HttpRequest) -> str:
    """Return the id that a trusted proxy gave the request, or "" if it is missing or malformed."""
    given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
    return given if _REQUEST_ID.fullmatch(given) else ""


class HeadMiddleware:
    """Removes the body of the answer to HEAD. gunicorn would log a warning for each."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "HEAD":
            return response
        if response.streaming:  # a file, whose length is a header already
            response.close()
            return HttpResponse(status=response.status_code, headers=dict(response.items()))
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
        return response


class CacheControlMiddleware:
    """Keeps pages out of caches, because they contain personal data."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the header, unless the view set it."""
        response = self.get_response(request)
        # The back button may show the response to a POST again. With `no-store`, it would show an error.
        page_of_post = response.status_code == 200 and (request.method == "POST" or hasattr(request, "typed"))
        kept = "no-cache, private" if page_of_post else "no-store, private"
        response.headers.setdefault("Cache-Control", kept)
        return response


class BrowserPolicyMiddleware:
    """Denies browser features that no page uses, and keeps other sites from embedding our files."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class LanguageMiddleware:
    """Activates the language of the request, and lets the user switch the language of any page.

    The switch is a button that posts the page's own form with a field `language`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the page in its language, and store a switch in the browser's cookie."""
        switched = _posted_language(request)
        request.switched_to = switched  # type: ignore[attr-defined]
        language = switched or languages.of_request(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
            response.headers["Content-Language"] = languages.current()
        # SECURITY: not after a refused POST of another site. `accounts.middleware` accepts the switch.
        if switched and getattr(request, "is_switch_accepted", False):
            languages.remember(response, switched)
        return response


def _posted_language(request: HttpRequest) -> str | None:
    """Return the language that the switch posted, or None. An unreadable body fails later, when the view reads it."""
    if request.method != "POST":
        return None
    try:
        chosen = request.POST.get("language")
    except (SuspiciousOperation, UnreadablePostError, BadRequest, MultiPartParserError):
        return None
    return chosen if languages.is_known(chosen) else None


class ProblemMiddleware:
    """Shows the page of a `Problem` that a view raised."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render a `Problem`. Return None for every other exception."""
        if isinstance(exception, Problem):
            response = problem_pages.problem_page(request, exception)
            if exception.retry_at is not None:
                seconds = (exception.retry_at - timezone.now()).total_seconds()
                response["Retry-After"] = str(max(1, math.ceil(seconds)))
            return response
        return None
