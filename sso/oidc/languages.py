"""The language that a service suggests for its users."""

from django.http import HttpRequest
from django.utils import translation

from common import languages


def speak(request: HttpRequest) -> None:
    """Apply `ui_locales` unless the person has chosen a language in this browser."""
    if languages.of_browser(request) or getattr(request, "switched_to", None):
        return
    for tag in request.GET.get("ui_locales", "").split():
        code = tag.partition("-")[0].lower()
        if languages.is_known(code):
            languages.suggest(request, code)
            translation.activate(languages.of_request(request))
            return
