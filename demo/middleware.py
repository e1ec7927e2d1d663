"""With DEBUG Django shows pages of its own where something is wrong; the demo shows the portal's."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from common import problem_pages
from common.languages import of_browser

_PAGES = {400: problem_pages.bad_request, 404: problem_pages.not_found}


class DebugErrorPages:
    """Puts the portal's page in place of Django's for what a person can cause; faults of ours keep Django's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace a technical page."""
        response = self.get_response(request)
        page = _PAGES.get(response.status_code)
        if page is None or b"DEBUG = True" not in getattr(response, "content", b""):
            return response
        with translation.override(of_browser(request) or "da"):
            return page(request)
