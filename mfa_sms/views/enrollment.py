"""Registering a phone: number (E6), human check (E7), code (E8), done (E9)."""

import json

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import events, sign_in
from accounts.clock import clock_up
from accounts.origin import of as origin_of
from accounts.problems import not_allowed_by_sms
from accounts.session_limits import in_background
from accounts.sign_in import PendingSignIn
from accounts.views.sign_in import finish
from accounts.views.typed import typed
from mfa_sms import enrollment, human_check, numbers
from mfa_sms.eligibility import may_use_sms
from mfa_sms.enrollment import CheckNeeded
from mfa_sms.forms import CodeForm, NumberRefused, PhoneForm
from mfa_sms.method import trouble
from mfa_sms.models import Purpose, SmsDevice
from mfa_sms.problems import number_refused
from mfa_sms.sending import Asked
from mfa_sms.views.code_page import CodePage

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
    pending = sign_in.after_password(request)
    if pending is None:
        return redirect("accounts:sign_in")
    device = enrollment.entered_device(pending, enrollment.may_enroll_sms(pending))
    initial = {**numbers.as_typed(device.number if device else None), **typed(request, "country", "number")}
    form = PhoneForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and _is_valid(form):
        number = form.cleaned_data["number"]
        pending = sign_in.enrolling(request, pending, number.as_e164)
        asked = enrollment.enter_number(pending, number, origin_of(request))
        return _after_asking(request, pending, asked)
    return render(request, "mfa_sms/phone.html", {"form": form, "trouble": trouble()})


def _is_valid(form: PhoneForm) -> bool:
    try:
        return form.is_valid()
    except NumberRefused as error:
        raise number_refused(error.refused) from None


def _after_asking(request: HttpRequest, pending: PendingSignIn, asked: Asked | CheckNeeded | None) -> HttpResponse:
    if asked is None:
        return redirect("mfa_sms:phone")
    if isinstance(asked, CheckNeeded):
        return redirect("mfa_sms:phone_check")
    return PAGE.after_asking(request, pending, asked)


@require_http_methods(["GET", "HEAD", "POST"])
def phone_check(request: HttpRequest) -> HttpResponse:
    """Ask for a proof of work, or for half a minute, before a message to one number more."""
    pending = sign_in.after_password(request)
    if pending is None:
        return redirect("accounts:sign_in")
    account = enrollment.may_enroll_sms(pending)
    device = enrollment.entered_device(pending, account)
    check = human_check.latest(account, device.number) if device else None
    if device is None or check is None:
        return redirect("mfa_sms:phone")
    too_early = False
    if request.method == "POST":
        if human_check.answer(check, request.POST.get("solution", "")):
            asked = enrollment.send_again(pending, origin_of(request))
            return _after_asking(request, pending, asked)
        too_early = True
    context = {
        "puzzle": json.dumps(check.puzzle),
        "opens": clock_up(human_check.opened_at(check)),
        "too_early": too_early,
        "has_error": too_early,
    }
    return render(request, "mfa_sms/phone_check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def phone_send(request: HttpRequest) -> HttpResponse:
    """Send the code again. A GET leads back and sends nothing."""
    pending = sign_in.after_password(request)
    if pending is None or request.method != "POST":
        return redirect("mfa_sms:phone_code")
    asked = enrollment.send_again(pending, origin_of(request))
    return _after_asking(request, pending, asked)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def phone_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a right one registers the phone."""
    pending = sign_in.after_password(request)
    if pending is None:
        return redirect("accounts:sign_in")
    if pending.enrolled_device:
        return redirect("mfa_sms:phone_done")
    enrollment.may_enroll_sms(pending)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = PAGE.judge(request, pending, form)
        if answer is not None and answer.device is not None:
            sign_in.device_enrolled(request, pending, answer.device)
            return redirect("mfa_sms:phone_done")
    return PAGE.show(request, pending, form)


@in_background
@require_safe
def phone_code_status(request: HttpRequest) -> JsonResponse:
    """Tell the page's script what became of the message."""
    return PAGE.status(request)


@require_http_methods(["GET", "HEAD", "POST"])
def phone_done(request: HttpRequest) -> HttpResponse:
    """Say that the phone is registered; go on to a fresh code, or sign in with the one that was just right."""
    pending = sign_in.after_password(request)
    if pending is None:
        return redirect("accounts:sign_in")
    if not pending.enrolled_device:
        return redirect("accounts:verify")
    if request.method != "POST":
        return render(request, "mfa_sms/phone_done.html", {"verifies": settings.VERIFY_AFTER_ENROLLMENT})
    if settings.VERIFY_AFTER_ENROLLMENT:
        return redirect("accounts:verify")
    with transaction.atomic():
        device = SmsDevice.from_persistent_id(pending.enrolled_device, for_verify=True)
        account = pending.admit(device.user if device and device.confirmed and not device.disabled_at else None)
        if not may_use_sms(account):
            raise not_allowed_by_sms()
        events.signed_in(account, device, origin_of(request))
    return finish(request, pending, account, device)
