"""The language of a page: chosen in the browser, remembered by the account, Danish otherwise."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

_SUGGESTED = "suggested_language"


def is_known(code: str | None) -> bool:
    """Whether the portal speaks the language."""
    return code in dict(settings.LANGUAGES)


def current() -> str:
    """Return the language of the page that is being made."""
    return get_language() or settings.LANGUAGE_CODE


def support_phone() -> str:
    """Return the support's number as one reads it: with its country code in any language but Danish."""
    return settings.SUPPORT_PHONE if current() == "da" else f"+45 {settings.SUPPORT_PHONE}"


def of_browser(request: HttpRequest) -> str | None:
    """Return the language that was chosen in this browser, or None."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return code if is_known(code) else None


def suggest(request: HttpRequest, code: str) -> None:
    """Keep what a service says of the person's language, for the pages of who has chosen none in this browser."""
    request.session[_SUGGESTED] = code


def suggested(request: HttpRequest) -> str | None:
    """Return what a service said of the person's language, or None."""
    code = request.session.get(_SUGGESTED)
    return code if is_known(code) else None


def remember(response: HttpResponse, code: str) -> None:
    """Keep the language in the browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
