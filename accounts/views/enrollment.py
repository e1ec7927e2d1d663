"""The first pages of enrollment; each factor brings its own from there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import enrollment, sign_in


@require_safe
def enroll(request: HttpRequest) -> HttpResponse:
    """Say that more is needed (E3)."""
    pending = sign_in.after_password(request)
    if pending is None:
        return redirect("accounts:sign_in")
    enrollment.may_enroll(pending)
    return render(request, "accounts/enroll.html", {"account_name": pending.account_name})


@require_safe
def enroll_methods(request: HttpRequest) -> HttpResponse:
    """Let the person choose a method (E5). Skipped where there is one."""
    pending = sign_in.after_password(request)
    if pending is None:
        return redirect("accounts:sign_in")
    offered = enrollment.may_enroll(pending)
    if len(offered.methods) == 1:
        return redirect(offered.methods[0].enrollment_url)
    chosen = [method for method in offered.methods if method.slug == request.GET.get("method")]
    if chosen:
        return redirect(chosen[0].enrollment_url)
    return render(request, "accounts/enroll_methods.html", {"methods": offered.methods})
