"""The portal's error pages in the demo, where Django with DEBUG shows its own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from common import problem_pages
from common.languages import of_browser

_PAGES = {400: problem_pages.bad_request, 404: problem_pages.not_found}


class DebugErrorPages:
    """Replaces Django's technical page if the request was wrong (400, 404). Server errors keep Django's page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = _PAGES.get(response.status_code)
        if page is None or b"DEBUG = True" not in getattr(response, "content", b""):
            return response
        with translation.override(of_browser(request) or settings.LANGUAGE_CODE):
            return page(request)
