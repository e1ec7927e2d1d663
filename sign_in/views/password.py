"""The pages of the password reset."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from common.client_info import client_info_of
from common.typed_fields import typed
from sign_in import events, flow, password_reset
from sign_in.forms import AccountNameForm, NewPasswordForm


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the account name and request a reset link."""
    pending = flow.current_flow(request)
    initial = {"account_name": pending.account_name if pending else "", **typed(request, "account_name")}
    form = AccountNameForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        password_reset.request_reset(form.cleaned_data["account_name"], client_info_of(request))
        return redirect("sign_in:password_sent")
    return render(request, "sign_in/password_forgotten.html", {"form": form})


@require_safe
def too_old(request: HttpRequest) -> HttpResponse:
    """Explain that the password is too old, and how to get a new one."""
    return render(request, "sign_in/password_too_old.html", {"days": settings.PASSWORD_MAX_AGE_DAYS})


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way if the account exists."""
    return render(request, "sign_in/password_sent.html")


@require_safe
def changed(request: HttpRequest) -> HttpResponse:
    """Confirm the new password and link to the sign-in."""
    return render(request, "sign_in/password_changed.html")


class NewPasswordView(PasswordResetConfirmView):
    """Sets the new password. Django moves the token from the URL into the session before it shows the form."""

    form_class = NewPasswordForm
    template_name = "sign_in/password_new.html"
    success_url = reverse_lazy("sign_in:password_changed")

    def get_user(self, uidb64: str) -> Account | None:
        """Return the account of the link, or None if it is not active."""
        account = super().get_user(uidb64)
        return account if isinstance(account, Account) and account.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        """Save the password and its event in one transaction. This ends all sessions of the account."""
        with transaction.atomic():
            response = super().form_valid(form)
            events.password_changed(form.user, client_info_of(self.request))
        return response
