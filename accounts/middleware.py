"""The switch of the language, which the account remembers."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts import language as accounts_language
from common.middleware import GetResponse


class LanguageSwitchMiddleware:
    """Answers the POST of a language switch as a GET of the same page.

    Stands after the check for cross-site requests. What was typed is in `request.typed`; nothing is sent, and nothing
    ended.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Turn the request into a GET; let the account, if there is one, remember the language."""
        switched = getattr(request, "switched_to", None)
        if switched:
            request.method = "GET"
            request.typed = request.POST  # type: ignore[attr-defined]
            if request.user.is_authenticated:
                accounts_language.save(request.user, switched)
