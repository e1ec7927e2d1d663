"""The language of an account, in which mails are written."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.models import Account
from common.languages import of_browser, remember


def save(account: Any, code: str) -> None:
    """Keep the language in the account, where mails are written in it."""
    if account.language != code:
        account.language = code
        Account.objects.filter(pk=account.pk).update(language=code)


def on_sign_in(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Bring browser and account together: a choice made in this browser wins, else the account's language comes."""
    chosen = of_browser(request)
    if chosen:
        save(account, chosen)
    else:
        remember(response, account.language)
