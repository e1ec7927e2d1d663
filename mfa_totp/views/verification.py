"""A code from an app at sign-in, or to step up: the app chosen (S3), the code entered (S4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import sign_in
from accounts.clock import clock_up
from accounts.origin import of as origin_of
from accounts.problems import device_locked, too_many_codes
from accounts.views.sign_in import finish
from mfa_totp import verification
from mfa_totp.forms import CodeForm
from mfa_totp.verification import Answer, Verdict


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Remember which app was chosen, and lead to the page that asks for its code. A GET leads back."""
    pending = sign_in.after_password(request)
    if pending is None or request.method != "POST":
        return redirect("accounts:verify")
    device = verification.chosen(pending, request.POST.get("device", ""))
    if device is None:
        return redirect("accounts:verify")
    _stop(verification.barred(device))
    sign_in.verifying(request, pending, device)
    return redirect("mfa_totp:code")


@sensitive_post_parameters("code")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a right one signs in.

    The form names its app, so that the pages of two apps can be open beside each other.
    """
    pending = sign_in.after_password(request)
    if pending is None:
        return redirect("accounts:sign_in")
    device_id = request.POST.get("device") or pending.verifying
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = verification.answer(pending, device_id, form.cleaned_data["code"], origin_of(request))
        _stop(answer)
        if answer is not None and answer.verdict is Verdict.RIGHT:
            return finish(request, pending, answer.device.user, answer.device)
        if answer is not None:
            form.add_error("code", _explain(answer))
    device = verification.chosen(pending, device_id)
    if device is None:
        return redirect("accounts:verify")
    return render(request, "mfa_totp/code.html", {"form": form, "device": device})


def _stop(answer: Answer | None) -> None:
    """Raise the page for an app whose codes are not compared now."""
    if answer is not None and answer.verdict is Verdict.DISABLED:
        raise device_locked()
    if answer is not None and answer.verdict is Verdict.LOCKED and answer.until is not None:
        raise too_many_codes(answer.until)


def _explain(answer: Answer) -> str:
    if answer.verdict is Verdict.USED:
        return _("This code has been used already. Wait until the app shows the next one.")
    if answer.until is not None:
        return _("The code is incorrect. You can try again at %(time)s.") % {"time": clock_up(answer.until)}
    return _("The code is incorrect")
