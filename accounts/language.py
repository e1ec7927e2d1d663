"""The language of an account. Emails to its owner are written in it."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.models import Account
from common.languages import of_browser, remember


def save(account: Any, code: str) -> None:
    """Store the language in the account, for emails."""
    if account.language != code:
        account.language = code
        Account.objects.filter(pk=account.pk).update(language=code)


def on_sign_in(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Synchronize browser and account. A language chosen in this browser wins over the account's language."""
    chosen = of_browser(request)
    if chosen:
        save(account, chosen)
    else:
        remember(response, account.language)
