"""The language of a page.

In this order: chosen in this browser, the account's once the password is right, suggested by the service, preferred by
the browser's settings, the default.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_from_request

_SUGGESTED = "suggested_language"
_OF_ACCOUNT = "account_language"


def choices() -> list[tuple[str, Any]]:
    """Return the languages with their names. Models take this function, so that a new language changes no migration."""
    return list(settings.LANGUAGES)


def is_known(code: str | None) -> bool:
    """Return whether the portal has the language."""
    return code in dict(settings.LANGUAGES)


def current() -> str:
    """Return the language of the page that is being rendered."""
    return get_language() or settings.LANGUAGE_CODE


def support_phone() -> str:
    """Return the phone number of IT Support, with its country code in every language except Danish."""
    return settings.SUPPORT_PHONE if current() == "da" else f"+45 {settings.SUPPORT_PHONE}"


def support_phone_on_page() -> str:
    """Return the phone number of IT Support with no-break spaces."""
    return support_phone().replace(" ", "\N{NO-BREAK SPACE}")


def support_phone_link() -> str:
    """Return the URL that calls IT Support."""
    return "tel:+45" + "".join(filter(str.isdigit, settings.SUPPORT_PHONE))


def of_browser(request: HttpRequest) -> str | None:
    """Return the language that the user chose in this browser, or None."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return code if is_known(code) else None


def suggest(request: HttpRequest, code: str) -> None:
    """Store the language that a service suggests for the user."""
    request.session[_SUGGESTED] = code


def use_of_account(request: HttpRequest, code: str) -> None:
    """Store the language of the account whose password was right. A service's suggestion then no longer counts."""
    request.session[_OF_ACCOUNT] = code


def prefer_browser(request: HttpRequest) -> None:
    """Let the languages of the browser's settings win over the language of the account, in this session."""
    if request.headers.get("Accept-Language"):
        request.session[_OF_ACCOUNT] = _preferred(request)


def of_request(request: HttpRequest) -> str:
    """Return the language in which to answer the request."""
    of_session = _of_session(request, _OF_ACCOUNT) or _of_session(request, _SUGGESTED)
    return of_browser(request) or of_session or _preferred(request)


def _of_session(request: HttpRequest, key: str) -> str | None:
    code = request.session.get(key)
    return code if is_known(code) else None


def _preferred(request: HttpRequest) -> str:
    """Return the first language of Accept-Language that the portal has, or the default."""
    code = get_language_from_request(request)
    return code if is_known(code) else settings.LANGUAGE_CODE


def remember(response: HttpResponse, code: str) -> None:
    """Store the language in the browser's cookie."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
