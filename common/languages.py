"""The language of a page: chosen in the browser, stored in the account, Danish by default."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

_SUGGESTED = "suggested_language"


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
    """Store the language that a service suggests for the user. It applies unless the user chose one in this browser."""
    request.session[_SUGGESTED] = code


def suggested(request: HttpRequest) -> str | None:
    """Return the language that a service suggested, or None."""
    code = request.session.get(_SUGGESTED)
    return code if is_known(code) else None


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
