"""Enrollment of a phone: number (E6), human check (E7), code (E8)."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from common.client_info import client_info_of
from common.clock import clock_up
from common.typed_fields import typed
from mfa_sms import enrollment, human_check, numbers
from mfa_sms.enrollment import CheckNeeded
from mfa_sms.forms import NumberRefused, PhoneForm, SmsCodeForm, already_yours
from mfa_sms.method import METHOD
from mfa_sms.models import Purpose, SmsDevice
from mfa_sms.sending import SendOutcome
from mfa_sms.views.code_page import CodePage
from sessions.limits import in_background
from sign_in import flow
from sign_in.enrollment import Offer
from sign_in.pending import PendingSignIn

PAGE = CodePage(
    purpose=Purpose.ENROLL,
    template="mfa_sms/enroll_code.html",
    url="mfa_sms:phone_code",
    status_url="mfa_sms:phone_code_status",
    without_message="mfa_sms:phone",
    always_counts=True,
)


@sensitive_post_parameters("number")
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """Ask for the number and send the code."""
    pending = flow.after_password(request)
    if pending is None:
        return redirect("sign_in:account_name")
    offered = enrollment.may_enroll_sms(pending)
    assigned = enrollment.assigned_device(pending, offered.account)
    if assigned is not None:
        return _show_assigned(request, assigned, offered)
    device = enrollment.entered_device(pending, offered.account)
    initial = {**numbers.as_typed(device.number if device else None), **typed(request, "country", "number")}
    form = PhoneForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and _is_valid(request, form, offered):
        number = form.cleaned_data["number"]
        if enrollment.is_registered(offered.account, number):
            form.add_error("number", already_yours())
            return _show_phone(request, form, offered)
        pending = flow.enrolling(request, pending, number.as_e164)
        outcome = enrollment.enter_number(pending, number, client_info_of(request))
        return _after_asking(request, pending, outcome)
    return _show_phone(request, form, offered)


def _show_assigned(request: HttpRequest, device: SmsDevice, offered: Offer) -> HttpResponse:
    """Offer a message to the number that IT Support registered. Another typed number is ignored."""
    if request.method == "POST":
        return redirect("mfa_sms:phone")
    context = {"words": METHOD.prompt(device), "trouble": METHOD.trouble(), "risk": METHOD.risk}
    return render(request, "mfa_sms/phone_registered.html", {**context, "has_choice": offered.has_choice})


def _show_phone(request: HttpRequest, form: PhoneForm, offered: Offer) -> HttpResponse:
    context = {"form": form, "trouble": METHOD.trouble(), "risk": METHOD.risk, "has_choice": offered.has_choice}
    return render(request, "mfa_sms/phone.html", context)


def _is_valid(request: HttpRequest, form: PhoneForm, offered: Offer) -> bool:
    try:
        return form.is_valid()
    except NumberRefused as error:
        other = enrollment.other_method(offered)
        raise enrollment.refuse(offered.account, error.refused, client_info_of(request), other) from None


def _after_asking(
    request: HttpRequest, pending: PendingSignIn, outcome: SendOutcome | CheckNeeded | None
) -> HttpResponse:
    if outcome is None:
        return redirect("mfa_sms:phone")
    if isinstance(outcome, CheckNeeded):
        return redirect("mfa_sms:phone_check")
    return PAGE.after_asking(request, pending, outcome)


@require_http_methods(["GET", "HEAD", "POST"])
def phone_check(request: HttpRequest) -> HttpResponse:
    """Ask for a proof of work or a wait, before a message to a further number."""
    pending = flow.after_password(request)
    if pending is None:
        return redirect("sign_in:account_name")
    account = enrollment.may_enroll_sms(pending).account
    device = enrollment.current_device(pending, account)
    check = human_check.latest_check(account, device.number) if device else None
    if device is None or check is None:
        return redirect("mfa_sms:phone")
    too_early = False
    if request.method == "POST":
        if human_check.check_answer(check, request.POST.get("solution", "")):
            outcome = enrollment.send_again(pending, client_info_of(request))
            return _after_asking(request, pending, outcome)
        too_early = True
    context = {
        "puzzle": json.dumps(check.puzzle),
        "opens": clock_up(human_check.opened_at(check)),
        "too_early": too_early,
        "has_error": too_early,
        "entered": enrollment.has_entered(pending, device.number),
    }
    return render(request, "mfa_sms/phone_check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def phone_send(request: HttpRequest) -> HttpResponse:
    """Send the code, or send it again. A GET redirects and sends nothing."""
    pending = flow.after_password(request)
    if pending is None or request.method != "POST":
        return redirect("mfa_sms:phone_code")
    outcome = enrollment.send_again(pending, client_info_of(request))
    return _after_asking(request, pending, outcome)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def phone_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a correct one registers the phone."""
    pending = flow.after_password(request)
    if pending is None:
        return redirect("sign_in:account_name")
    if pending.enrolled_device:
        return redirect("sign_in:enrolled")
    enrollment.may_enroll_sms(pending)
    form = SmsCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        device = PAGE.judge(request, pending, form)
        if device is not None:
            flow.device_enrolled(request, pending, device)
            return redirect("sign_in:enrolled")
    return PAGE.show(request, pending, form)


@in_background
@require_safe
def phone_code_status(request: HttpRequest) -> JsonResponse:
    """Return the delivery status for the page's script."""
    return PAGE.status(request)
