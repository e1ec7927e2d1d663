"""A code from an app at sign-in, or to step up: the app chosen (S3), the code entered (S4)."""

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
    """Remember which app was chosen, and lead to the page that asks for its code. A GET leads back."""
    pending = flow.after_password(request)
    if pending is None or request.method != "POST":
        return redirect("sign_in:verify")
    device = chosen(pending, request.POST.get("device", ""))
    if device is None:
        return redirect("sign_in:verify")
    locked = lock_result(device)
    if locked is not None:
        locked.raise_if_locked()
    flow.verifying(request, pending, device)
    return redirect("mfa_totp:code")


class AppVerifyView(CodeView[AuthenticatorApp]):
    """Asks for the code of an app; a right one signs in.

    The form names its app, so that the pages of two apps can be open beside each other.
    """

    form_class = AppCodeForm
    template = "mfa_totp/code.html"
    wrong = gettext_lazy("The code is incorrect")
    wrong_until = gettext_lazy("The code is incorrect. You can try again at %(time)s.")

    @property
    def _device_id(self) -> str:
        return self.request.POST.get("device") or self.pending.verifying

    def verification(self) -> AppVerification:
        """Judge against the app that was chosen."""
        return AppVerification(self.pending, client_info_of(self.request), self._device_id)

    def context(self) -> dict[str, Any] | None:
        """Return the app."""
        device = chosen(self.pending, self._device_id)
        return None if device is None else {"device": device}

    def explain(self, result: CodeResult[AuthenticatorApp]) -> str:
        """Tell a code that was used before from a wrong one."""
        if result.verdict is Verdict.USED:
            return _("This code has been used already. Wait until the app shows the next one.")
        return super().explain(result)
