"""Views to choose an authenticator app (S3) and to enter its code (S4), at sign-in and step-up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.client_info import client_info_of
from mfa_totp.forms import AppCodeForm
from mfa_totp.models import AuthenticatorApp
from mfa_totp.verification import AppVerification, chosen
from sign_in import flow
from sign_in.verification import CodeResult, Verdict, lock_result
from sign_in.views.codes import CodeView


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Store the chosen app in the flow and redirect to the page that asks for its code.

    A GET, or an id that is not one of the account's apps, redirects to the choice of method. Raises the page of a
    locked app.
    """
    pending = flow.after_password(request)
    if pending is None or request.method != "POST":
        return redirect("sign_in:verify")
    device = chosen(pending, request.POST.get("device", ""))
    if device is None:
        return redirect("sign_in:verify")
    locked = lock_result(device, pending.known_browser)
    if locked is not None:
        locked.raise_if_locked()
    flow.verifying(request, pending, device)
    return redirect("mfa_totp:code")


class AppVerifyView(CodeView[AuthenticatorApp]):
    """The page that asks for the code of an app. A right code signs in or completes the step-up.

    The form contains the id of its app, so that the pages of two apps can be open at the same time.
    """

    form_class = AppCodeForm
    template = "mfa_totp/code.html"
    wrong = gettext_lazy("The code is incorrect")
    wrong_until = gettext_lazy("The code is incorrect. You can try again at %(time)s.")

    @property
    def _device_id(self) -> str:
        return self.request.POST.get("device") or self.pending.verifying

    def verification(self) -> AppVerification:
        """Return the verification against the chosen app."""
        return AppVerification(self.pending, client_info_of(self.request), self._device_id)

    def context(self) -> dict[str, Any] | None:
        """Return the chosen app, or None if there is no valid choice."""
        device = chosen(self.pending, self._device_id)
        return None if device is None else {"device": device}

    def explain(self, result: CodeResult[AuthenticatorApp]) -> str:
        """Distinguish a code that was used before from a wrong code."""
        if result.verdict is Verdict.USED:
            return _("This code has been used already. Wait until the app shows the next one.")
        return super().explain(result)
