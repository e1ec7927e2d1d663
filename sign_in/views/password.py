"""The pages of the password reset."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts import states
from accounts.models import Account
from common.client_info import client_info_of
from common.typed_fields import typed
from limits import catalogue
from sign_in import flow, human_check, password_reset, password_source
from sign_in.forms import AccountNameForm, NewPasswordForm
from sign_in.views.check_page import check_page

# The key in the session for the account whose password was just set in this browser.
_SET_FOR = "password_set_for"


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the account name and request a reset link, or lead to the university's own page."""
    if elsewhere := password_source.current().change_url:
        return HttpResponseRedirect(elsewhere)
    pending = flow.current_flow(request)
    initial = {"account_name": pending.account_name if pending else "", **typed(request, "account_name")}
    form = AccountNameForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        client = client_info_of(request)
        answer = human_check.answer_of(request, client.network)
        refusal = password_reset.request_reset(form.cleaned_data["account_name"], client, answer)
        if refusal is not None:
            return check_page(request, "sign_in/password_forgotten.html", {"form": form}, refusal, answer)
        return redirect("sign_in:password_sent")
    return render(request, "sign_in/password_forgotten.html", {"form": form})


@require_safe
def too_old(request: HttpRequest) -> HttpResponse:
    """Explain that the password is too old, and how to get a new one."""
    return render(
        request,
        "sign_in/password_too_old.html",
        {"days": settings.PASSWORD_MAX_AGE_DAYS, "elsewhere": password_source.current().change_url},
    )


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way if the account exists."""
    return render(request, "sign_in/password_sent.html", {"mails": catalogue.RESET_MAILS_OF_ACCOUNT.number})


@require_safe
def changed(request: HttpRequest) -> HttpResponse:
    """Confirm the new password and link to the sign-in."""
    return render(request, "sign_in/password_changed.html")


class NewPasswordView(PasswordResetConfirmView):
    """Sets the new password. Django moves the token from the URL into the session before it shows the form."""

    form_class = NewPasswordForm
    template_name = "sign_in/password_new.html"
    success_url = reverse_lazy("sign_in:password_changed")

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give a second press of the button the result of the first."""
        if password_source.current().change_url:
            raise Http404
        session = self.request.session
        pressed = self.request.method == "POST" and INTERNAL_RESET_SESSION_TOKEN not in session
        if pressed and session.get(_SET_FOR) == kwargs["uidb64"]:
            return redirect(self.get_success_url())
        return super().dispatch(*args, **kwargs)

    def get_user(self, uidb64: str) -> Account | None:
        """Return the account of the link, or None if it is not active or is blocked."""
        account = super().get_user(uidb64)
        return account if isinstance(account, Account) and states.is_open(account) else None

    @sensitive_variables("form", "password")
    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password. Show that the link is used up if another request was faster."""
        token, password = self.request.session[INTERNAL_RESET_SESSION_TOKEN], form.cleaned_data["new_password1"]
        if not password_reset.set_password(form.user, token, password, client_info_of(self.request)):
            self.validlink = False
            return self.render_to_response(self.get_context_data(form=None))
        self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN, None)
        self.request.session[_SET_FOR] = self.kwargs["uidb64"]
        return redirect(self.get_success_url())
