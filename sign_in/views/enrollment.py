"""The first and last pages of enrollment. Each method has its own pages in between."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.affiliation import counts_as_student
from accounts.models import Account
from common.client_info import client_info_of
from common.help_sections import HelpSection
from common.problems import flow_expired
from common.root_urls import root_path
from sign_in import enrollment, flow, journeys, methods, postponing
from sign_in.methods import Option
from sign_in.pending import FlowPurpose, PendingSignIn
from sign_in.views.sign_in import finish


@require_safe
def enroll(request: HttpRequest) -> HttpResponse:
    """Explain that enrollment is needed (E3), and link to the strongest method (E4).

    Redirects at once to a method that an agent has prepared.
    """
    pending = flow.after_password(request)
    if pending is None:
        return redirect("sign_in:account_name")
    offered = enrollment.may_enroll(pending)
    for method in offered.methods:
        if method.has_pending_enrollment(offered.account):
            return redirect(method.enrollment_url)
    is_student = counts_as_student(offered.account)
    context = {
        "account_name": pending.account_name,
        "methods": offered.methods,
        "help_section": HelpSection.FIRST_TIME_SMS if is_student else HelpSection.FIRST_TIME_APP,
        "onward": reverse(offered.methods[0].enrollment_url),
        "postponement": postponing.find_postponement(pending, offered),
        "replaces_forbidden": bool(pending.opened_by),
    }
    return render(request, "sign_in/enroll.html", context)


@require_safe
def enroll_methods(request: HttpRequest) -> HttpResponse:
    """Let the user choose a method (E5). Redirects if there is only one."""
    pending = flow.after_password(request)
    if pending is None:
        return redirect("sign_in:account_name")
    offered = enrollment.may_enroll(pending)
    if not offered.has_choice:
        return redirect(offered.methods[0].enrollment_url)
    chosen = [method for method in offered.methods if method.slug == request.GET.get("method")]
    if chosen:
        return redirect(chosen[0].enrollment_url)
    left = request.GET.get("left")  # the method that the user has just turned down
    preselected = next(method for method in offered.methods if method.slug != left)
    context = {"methods": offered.methods, "preselected": preselected}
    return render(request, "sign_in/enroll_methods.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enrolled(request: HttpRequest) -> HttpResponse:
    """Confirm that the device is registered (E9). A POST continues the sign-in, or returns to the login methods."""
    pending = flow.after_password(request)
    if pending is None:
        return redirect("sign_in:account_name")
    if not pending.enrolled_device:
        return redirect("sign_in:verify")
    option, account = _enrolled_option(pending)
    # Making a backup requires a session. A flow for external MFA does not open one.
    backups = _missing_backups(account) if pending.purpose != FlowPurpose.EXTERNAL_MFA else []
    if request.method != "POST":
        context = {
            "method": option.method,
            "verifies": settings.VERIFY_AFTER_ENROLLMENT and pending.by_password,
            "signed_in": pending.purpose == FlowPurpose.ADD,
            "backups": backups,
        }
        return render(request, "sign_in/enrolled.html", context)
    chosen = [method for method in backups if method.slug == request.POST.get("backup")]
    after = root_path(chosen[0].enrollment_url) if chosen else ""
    if pending.purpose == FlowPurpose.ADD:
        return _added(request, pending, after)
    if after:
        flow.lead_to(request, pending, after + _onward(request, pending))
    if settings.VERIFY_AFTER_ENROLLMENT:
        return redirect("sign_in:verify")
    flow.proven(pending, account, option.device, client_info_of(request))
    return finish(request, flow.after_password(request) or pending, account, option.device)


def _enrolled_option(pending: PendingSignIn) -> tuple[Option, Account]:
    """Return the device that this flow has enrolled. Raises `flow_expired` if the account can no longer use it."""
    standing = methods.standing(pending.account_id or 0)
    account = pending.admit(standing.account)
    for option in standing.options:
        if option.device.persistent_id == pending.enrolled_device:
            return option, account
    raise flow_expired()


def _missing_backups(account: Account) -> list[methods.Method]:
    return [method for method in methods.backups(account) if not method.devices(account.pk)]


def _onward(request: HttpRequest, pending: PendingSignIn) -> str:
    """Return the query with which the page of a backup leads to the flow's destination."""
    short = journeys.short_destination(request, pending.next)
    return f"?{urlencode({'next': short})}" if short else ""


def _added(request: HttpRequest, pending: PendingSignIn, after: str) -> HttpResponse:
    """End the flow of a signed-in user."""
    flow.leave_flow(request)
    if after:
        messages.success(request, _("Your login methods have been changed."))
        return redirect(after + _onward(request, pending))
    return redirect(pending.next or "sign_in:security_changed")
