"""Pages around the sign-in: start, help, sign-out."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from common.client_info import client_info_of
from sessions import registry
from sign_in import events, flow


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to where a person belongs."""
    if request.user.is_authenticated:
        return redirect("sign_in:security_info")
    pending = flow.peek_flow(request)  # one that is over leads to a new one
    return redirect("sign_in:verify" if pending and pending.password_done else "sign_in:account_name")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Say how to get help, and which methods there are."""
    return render(request, "sign_in/help.html")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, or the sign-in that was begun. A GET asks."""
    if request.method != "POST":
        return render(request, "sign_in/sign_out.html")
    with transaction.atomic():
        if isinstance(request.user, Account):
            events.signed_out(request.user, client_info_of(request))
        registry.sign_out(request)
    return redirect("sign_in:signed_out")


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that the session is over."""
    return render(request, "sign_in/signed_out.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Lead to the accessibility statement; Danish law expects it at this address."""
    return redirect(settings.ACCESSIBILITY_STATEMENT_URL)


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """Say which cookies there are and what is kept."""
    return render(
        request, "sign_in/cookies.html", {"privacy_url": settings.PRIVACY_URL, "days": settings.REMEMBER_ME_DAYS}
    )
