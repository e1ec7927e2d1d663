"""The pages around the sign-in: start, help, sign-out, accessibility and privacy."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from common.client_info import client_info_of
from sessions import registry
from sign_in import events, flow, statements
from sign_in import help_page as guide


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Redirect a signed-in user to the login methods, and others to the next step of the sign-in."""
    if request.user.is_authenticated:
        return redirect("sign_in:security_info")
    pending = flow.peek_flow(request)  # None if it has expired
    return redirect("sign_in:verify" if pending and pending.password_done else "sign_in:account_name")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "sign_in/help.html", guide.context())


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, or the sign-in in progress. A GET asks for confirmation."""
    if request.method != "POST":
        return render(request, "sign_in/sign_out.html")
    with transaction.atomic():
        if isinstance(request.user, Account):
            events.signed_out(request.user, client_info_of(request))
        registry.sign_out(request)
    return redirect("sign_in:signed_out")


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "sign_in/signed_out.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "sign_in/accessibility.html", statements.accessibility())


@require_safe
def was(request: HttpRequest) -> HttpResponse:
    """Redirect to the accessibility statement. Danish law expects it at this URL."""
    return redirect("sign_in:accessibility")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "sign_in/privacy.html", statements.privacy())
