"""The pages to add, replace, remove and rename a device, and to choose the preferred one."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_otp import login as otp_login

from accounts.models import Account
from common.client_info import client_info_of
from common.typed_fields import typed
from sessions import registry
from sign_in import enrollment, flow, methods
from sign_in.guards import step_up_required, verified_required
from sign_in.methods import device_management
from sign_in.methods.forms import DeviceNameForm
from sign_in.problems import last_device


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def add(request: HttpRequest) -> HttpResponse:
    """Start a flow to add a device, and redirect to the choice of a method."""
    if request.method != "POST":
        return render(request, "sign_in/device_add.html")
    return _enroll(request)


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def change(request: HttpRequest, method: str, device: int) -> HttpResponse:
    """Start a flow to replace a device. The old device works until the new one is verified."""
    account = cast(Account, request.user)
    option = device_management.find_device(methods.devices(account.pk), method, device)
    if request.method != "POST":
        return render(request, "sign_in/device_change.html", {"option": option})
    return _enroll(request, option)


def _enroll(request: HttpRequest, old: methods.Option | None = None) -> HttpResponse:
    account = cast(Account, request.user)
    replaces = old.device.persistent_id if old is not None else ""
    flow.begin_adding(request, account, getattr(request, "proven_at", 0.0), replaces)
    pending = flow.current_flow(request)
    offered = enrollment.may_enroll(pending).methods if pending else ()
    if old is not None and old.method in offered:
        return redirect(old.method.enrollment_url)
    return redirect("sign_in:enroll_methods")


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def remove(request: HttpRequest, method: str, device: int) -> HttpResponse:
    """Remove a device. A GET asks for confirmation. If the session was bound to it, bind it to a remaining device."""
    account = cast(Account, request.user)
    if request.method != "POST":
        registered = methods.devices(account.pk)
        option = device_management.find_device(registered, method, device)
        if not device_management.may_remove(registered, option):
            raise last_device()
        return render(request, "sign_in/device_remove.html", {"option": option})
    removed, left = device_management.remove(
        account, method, device, client_info_of(request), registry.current_id(request)
    )
    # SECURITY: the removal required the strongest method of the account, so the remaining device is not stronger.
    if request.user.otp_device == removed:  # type: ignore[union-attr]
        otp_login(request, left)
    return redirect("sign_in:security_changed")


@require_http_methods(["GET", "HEAD", "POST"])
@verified_required
def prefer(request: HttpRequest, method: str, device: int) -> HttpResponse:
    """Make a device the preferred one at sign-in. A GET asks for confirmation."""
    account = cast(Account, request.user)
    if request.method != "POST":
        option = device_management.find_device(methods.devices(account.pk), method, device)
        return render(request, "sign_in/device_first.html", {"option": option})
    device_management.prefer(account, method, device, client_info_of(request))
    messages.success(request, _("This method now comes first when you log in."))
    return redirect("sign_in:security_info")


@require_http_methods(["GET", "HEAD", "POST"])
@verified_required
def rename(request: HttpRequest, method: str, device: int) -> HttpResponse:
    account = cast(Account, request.user)
    option = device_management.find_device(methods.devices(account.pk), method, device)
    initial = {"name": option.device.name, **typed(request, "name")}
    form = DeviceNameForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        device_management.rename(account, method, device, form.cleaned_data["name"], client_info_of(request))
        messages.success(request, _("The name has been saved."))
        return redirect("sign_in:security_info")
    return render(request, "sign_in/device_name.html", {"form": form, "option": option})


@require_safe
@verified_required
def changed(request: HttpRequest) -> HttpResponse:
    """Confirm the change, and offer to end all other sessions (ASVS 7.4.3)."""
    return render(request, "sign_in/security_changed.html")
