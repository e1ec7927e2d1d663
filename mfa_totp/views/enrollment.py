"""The page that registers an authenticator app (E4)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from common.client_info import client_info_of
from mfa_totp import enrollment, keys
from mfa_totp.forms import EnrollmentForm
from sign_in import flow


# SECURITY: no browser may keep a page with the secret, even for its back button.
@cache_control(no_store=True, private=True)
@sensitive_post_parameters("code")
@sensitive_variables("form", "secret", "context")
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """Show the secret and ask for a code computed from it.

    A right code registers the app. After that, no page shows the secret.
    """
    pending = flow.after_password(request)
    if pending is None:
        return redirect("sign_in:account_name")
    if pending.enrolled_device:
        return redirect("sign_in:enrolled")
    form = EnrollmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        device = enrollment.confirm(pending, form.cleaned_data["code"], client_info_of(request))
        if device is not None:
            flow.device_enrolled(request, pending, device)
            return redirect("sign_in:enrolled")
        form.add_error("code", _("The code is incorrect. Check that the clock of your phone is right."))
    offered = enrollment.may_enroll_app(pending)
    secret = keys.secret_of_flow(pending, offered.account)
    context = {
        "form": form,
        "secret": secret,
        "issuer": settings.OTP_TOTP_ISSUER,
        "has_choice": offered.has_choice,
    }
    return render(request, "mfa_totp/enroll.html", context)
