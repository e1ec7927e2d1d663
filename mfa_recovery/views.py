"""The two pages of recovery codes: make them, and enter one."""

from dataclasses import replace
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import methods, sign_in
from accounts.clock import clock_up
from accounts.models import Account
from accounts.onward import safe
from accounts.origin import of as origin_of
from accounts.problems import device_locked, not_allowed, too_many_codes
from accounts.sign_in import PendingSignIn
from accounts.views.guards import step_up_required
from accounts.views.sign_in import finish
from mfa_recovery import making, verification
from mfa_recovery.forms import MakeForm, RecoveryCodeForm
from mfa_recovery.method import METHOD
from mfa_recovery.models import RecoveryDevice
from mfa_recovery.verification import Answer, Verdict


@sensitive_variables("made")
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Say how many codes are left; make new ones and show them, once.

    The codes stand in the answer to the POST itself: to redirect to a page that shows them, they would have to be kept
    somewhere in clear. A reload posts the number of a set that is gone and makes nothing.
    """
    account = cast(Account, request.user)
    if not METHOD.allows(account):
        security_info = reverse("accounts:security_info")
        raise replace(not_allowed(), action=_("Your login methods"), action_url=security_info)
    next_url = safe(request, request.POST.get("next") or request.GET.get("next", ""))
    onward = next_url or reverse("accounts:security_info")
    if request.method != "POST":
        context = {"sheet": making.sheet(account), "next": next_url, "onward": onward}
        return render(request, "mfa_recovery/make.html", context)
    form = MakeForm(request.POST)
    made = making.make(account, form.cleaned_data["sheet"] if form.is_valid() else None, origin_of(request))
    if made is None:
        messages.info(request, _("The codes are shown only once. If you did not save them, make new ones."))
        query = f"?{urlencode({'next': next_url})}" if next_url else ""
        return HttpResponseRedirect(reverse("mfa_recovery:codes") + query)
    shown = {"made": made, "made_at": timezone.now(), "onward": onward}
    response = render(request, "mfa_recovery/codes.html", shown)
    # SECURITY: unlike the answers to other POSTs, this one is not kept for the back button either.
    response.headers["Cache-Control"] = "no-store, private"
    return response


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a recovery code; a right one signs in. The button that leads here posts the `device`."""
    pending = sign_in.after_password(request)
    if pending is None:
        return redirect("accounts:sign_in")
    posted = request.method == "POST" and "code" in request.POST
    if not posted:
        return _ask(request, pending)
    form = RecoveryCodeForm(request.POST)
    if form.is_valid():
        answer = verification.answer(pending, form.cleaned_data["code"], origin_of(request))
        if answer.device is not None:
            return _right(request, pending, answer.device, answer.left)
        if answer.verdict is Verdict.NO_CODES:
            return redirect("accounts:verify")
        _explain(answer, form)
    return render(request, "mfa_recovery/verify.html", {"form": form})


def _ask(request: HttpRequest, pending: PendingSignIn) -> HttpResponse:
    """Show the form to who has unused codes; what is posted to get here leads to it."""
    device = next(iter(METHOD.devices(pending.account_id or 0)), None)
    if device is None or not METHOD.allows(pending.admit(device.user)):
        return redirect("accounts:verify")
    if request.method == "POST":
        known = request.POST.get("device") == device.persistent_id
        return redirect("mfa_recovery:verify" if known else "accounts:verify")
    return render(request, "mfa_recovery/verify.html", {"form": RecoveryCodeForm()})


def _explain(answer: Answer, form: RecoveryCodeForm) -> None:
    """Add what is wrong to the form; raise the page for locked codes."""
    match answer.verdict:
        case Verdict.DISABLED:
            raise device_locked()
        case Verdict.LOCKED if answer.until is not None:
            raise too_many_codes(answer.until)
    if answer.until is None:
        form.add_error("code", _("The code is incorrect, or you have used it already"))
    else:
        text = _("The code is incorrect. Try again at %(time)s.")
        form.add_error("code", text % {"time": clock_up(answer.until)})


def _right(request: HttpRequest, pending: PendingSignIn, device: RecoveryDevice, left: int) -> HttpResponse:
    """Sign in, and say on the next page how many codes are left."""
    response = finish(request, pending, device.user, device)
    if left:
        text = ngettext("You have %(count)d recovery code left.", "You have %(count)d recovery codes left.", left)
        messages.info(request, text % {"count": left})
    else:
        messages.warning(request, _("That was your last recovery code. Make new ones under Your login methods."))
    if not methods.standing(device.user.pk).enrolled:
        messages.warning(request, _("You have no other login method. Add one under Your login methods."))
    return response
