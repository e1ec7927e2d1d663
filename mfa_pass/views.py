"""The page that asks for an access pass."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import sign_in
from accounts.clock import clock, clock_up
from accounts.origin import of as origin_of
from accounts.problems import device_locked, too_many_codes
from accounts.sign_in import PendingSignIn
from accounts.views.sign_in import finish
from mfa_pass import verification
from mfa_pass.forms import AccessPassForm
from mfa_pass.method import METHOD
from mfa_pass.models import AccessPass
from mfa_pass.verification import Answer, Verdict


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for the pass; a right one signs in. The button that leads here posts the `device`."""
    pending = sign_in.after_password(request)
    if pending is None:
        return redirect("accounts:sign_in")
    posted = request.method == "POST" and "code" in request.POST
    if not posted:
        return _ask(request, pending)
    form = AccessPassForm(request.POST)
    if form.is_valid():
        answer = verification.answer(pending, form.cleaned_data["code"], origin_of(request))
        if answer.device is not None:
            return _right(request, pending, answer.device)
        if answer.verdict is Verdict.GONE:
            messages.info(
                request, _("The access pass has expired or has been used. IT Support can give you a new one.")
            )
            return redirect("accounts:verify")
        _explain(answer, form)
    return render(request, "mfa_pass/verify.html", {"form": form})


def _ask(request: HttpRequest, pending: PendingSignIn) -> HttpResponse:
    """Show the form to who has a pass that is alive; what is posted to get here leads to it."""
    device = next(iter(METHOD.devices(pending.account_id or 0)), None)
    if device is None or not METHOD.allows(pending.admit(device.user)):
        return redirect("accounts:verify")
    if request.method == "POST":
        known = request.POST.get("device") == device.persistent_id
        return redirect("mfa_pass:verify" if known else "accounts:verify")
    return render(request, "mfa_pass/verify.html", {"form": AccessPassForm()})


def _explain(answer: Answer, form: AccessPassForm) -> None:
    """Add what is wrong to the form; raise the page for a locked pass."""
    match answer.verdict:
        case Verdict.DISABLED:
            raise device_locked()
        case Verdict.LOCKED if answer.until is not None:
            raise too_many_codes(answer.until)
    if answer.until is None:
        form.add_error("code", _("The access pass is incorrect"))
    else:
        text = _("The access pass is incorrect. Try again at %(time)s.")
        form.add_error("code", text % {"time": clock_up(answer.until)})


def _right(request: HttpRequest, pending: PendingSignIn, device: AccessPass) -> HttpResponse:
    """Sign in, and say on the next page for how long."""
    response = finish(request, pending, device.user, device)
    text = _("You are logged in until %(time)s. Set up a login method before then.")
    messages.info(request, text % {"time": clock(device.expires_at)})
    return response
