"""Pages around the sign-in: start, help, sign-out."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import sign_in, sign_in_events
from accounts.models import Account
from accounts.origin import of as origin_of
from accounts.sessions import registry


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to where a person belongs."""
    if request.user.is_authenticated:
        return redirect("accounts:security_info")
    pending = sign_in.peek(request)  # one that is over leads to a new one
    return redirect("accounts:verify" if pending and pending.password_done else "accounts:sign_in")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Say how to get help, and which methods there are."""
    return render(request, "accounts/help.html")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, or the sign-in that was begun. A GET asks."""
    if request.method != "POST":
        return render(request, "accounts/sign_out.html")
    with transaction.atomic():
        if isinstance(request.user, Account):
            sign_in_events.signed_out(request.user, origin_of(request))
        registry.sign_out(request)
    return redirect("accounts:signed_out")


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that the session is over."""
    return render(request, "accounts/signed_out.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Lead to the accessibility statement; Danish law expects it at this address."""
    return redirect(settings.ACCESSIBILITY_STATEMENT_URL)


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """Say which cookies there are and what is kept."""
    return render(
        request, "accounts/cookies.html", {"privacy_url": settings.PRIVACY_URL, "days": settings.STAY_SIGNED_IN_DAYS}
    )
