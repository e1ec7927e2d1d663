"""Common parts of the helpdesk's pages: the frame of the admin, and the link back to the account."""

from typing import Any

from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Account


def account_page(request: HttpRequest, template: str, title: Any, account: Account, **context: Any) -> HttpResponse:
    """Render a page about an account."""
    back = reverse("admin:accounts_account_change", args=[account.pk])
    return render(
        request, template, {**site.each_context(request), "title": title, "account": account, "back": back, **context}
    )
