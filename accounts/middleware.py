"""Middleware that handles a switch of the language and stores it in the account."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from accounts import language as accounts_language
from common.middleware import GetResponse


class LanguageSwitchMiddleware:
    """Handles the POST of a language switch as a GET of the same page.

    It must follow the CSRF middleware. The typed fields are in `request.typed`. The view sees a GET, so it sends
    nothing and ends nothing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the page. A page for an unknown address has no view, so its switch is accepted afterwards."""
        response = self.get_response(request)
        switched = getattr(request, "switched_to", None)
        if switched and request.resolver_match is None and _TokenCheck(self.get_response).accepts(request):
            _accept(request, switched)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Turn the request into a GET. If a user is signed in, store the language in the account."""
        switched = getattr(request, "switched_to", None)
        # SECURITY: a view without CSRF protection has no switch. Another site could post to it.
        if switched and not getattr(view, "csrf_exempt", False):
            request.method = "GET"
            request.typed = request.POST  # type: ignore[attr-defined]
            _accept(request, switched)


class _TokenCheck(CsrfViewMiddleware):
    """Checks the token of a form that no view has received."""

    def accepts(self, request: HttpRequest) -> bool:
        """Return whether one of our own pages has sent the form."""
        return self.process_view(request, cast(Any, self.get_response), (), {}) is None

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def _accept(request: HttpRequest, switched: str) -> None:
    """Let the browser keep the language. If a user is signed in, store it in the account."""
    request.is_switch_accepted = True  # type: ignore[attr-defined]
    if request.user.is_authenticated:
        accounts_language.save(request.user, switched)
