"""The language of an account. Mails and text messages to its owner are written in it."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.models import Account
from common import languages


def save(account: Any, code: str) -> None:
    """Store the language that the owner chose or uses."""
    if account.known_language != code:
        account.language, account.language_known = code, True
        Account.objects.filter(pk=account.pk).update(language=code, language_known=True)


def on_password(request: HttpRequest, account: Account) -> None:
    """Use the account's language from the next page on, unless one was chosen in this browser.

    An account without a known language gets that of the pages, because notices may be sent before the sign-in is
    complete.
    """
    save(account, languages.of_browser(request) or account.known_language or languages.current())
    languages.use_of_account(request, account.language)


def on_flow(request: HttpRequest, account: Account) -> None:
    """Use the account's language from the next page on, if it is known. Stores nothing in the account."""
    if account.known_language:
        languages.use_of_account(request, account.known_language)


def on_sign_in(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Synchronize browser and account. A language chosen in this browser wins over the account's language."""
    chosen = languages.of_browser(request)
    if chosen:
        save(account, chosen)
    else:
        languages.remember(response, account.language)
