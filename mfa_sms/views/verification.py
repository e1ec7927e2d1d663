"""A code at sign-in or step-up: request (S3) and entry (S4)."""

import re
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from common.client_info import client_info_of
from mfa_sms import sending
from mfa_sms.forms import SmsCodeForm
from mfa_sms.models import Purpose
from mfa_sms.views.code_page import CodePage
from sessions.limits import in_background
from sign_in import flow, known_browsers
from sign_in.pending import PendingSignIn
from sign_in.views.sign_in import finish

_DEVICE = re.compile(r"\Amfa_sms\.smsdevice/(\d{1,18})\Z", re.ASCII)

_SIGN_IN = CodePage(
    purpose=Purpose.SIGN_IN,
    template="mfa_sms/code.html",
    url="mfa_sms:code",
    status_url="mfa_sms:code_status",
    without_message="sign_in:verify",
    always_counts=False,
)
_STEP_UP = replace(_SIGN_IN, purpose=Purpose.STEP_UP)


def _page(pending: PendingSignIn | None) -> CodePage:
    """Return the page of the flow. A code for one purpose is not valid for another."""
    return _SIGN_IN if pending is None or pending.by_password else _STEP_UP


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Send a code to a confirmed device of the account. A GET redirects and sends nothing."""
    pending = flow.after_password(request)
    device_id = _DEVICE.match(request.POST.get("device", "")) if request.method == "POST" else None
    if pending is None or device_id is None:
        return redirect("sign_in:verify")
    page = _page(pending)
    outcome = sending.request_code(
        int(device_id[1]),
        page.purpose,
        pending,
        client_info_of(request),
        is_known=lambda account: known_browsers.is_known(request, account),
    )
    if outcome is None:
        return redirect("sign_in:verify")
    return page.after_asking(request, pending, outcome)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a correct one completes the sign-in or step-up."""
    pending = flow.after_password(request)
    if pending is None:
        return redirect("sign_in:account_name")
    form = SmsCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        device = _page(pending).judge(request, pending, form)
        if device is not None:
            return finish(request, pending, device.user, device)
    return _page(pending).show(request, pending, form)


@in_background
@require_safe
def code_status(request: HttpRequest) -> JsonResponse:
    """Return the delivery status for the page's script."""
    return _page(flow.current_flow(request)).status(request)
