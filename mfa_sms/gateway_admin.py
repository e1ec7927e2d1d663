"""Gateways in the admin. Staff see their status; administrators disable and enable them."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from accounts.models import Account
from backoffice.admin_sections import Section
from backoffice.read_only import ReadOnlyModelAdmin
from common.client_info import client_info_of
from mfa_sms import gateway_control
from mfa_sms.gateway_control import GatewayRefused
from mfa_sms.helpdesk import gateway_status
from mfa_sms.helpdesk.forms import DisableGatewayForm, EnableGatewayForm
from mfa_sms.helpdesk.gateway_status import GatewayStatus
from mfa_sms.models import GatewayState
from mfa_sms.permissions import DISABLE_GATEWAY
from sign_in import kept_forms
from sign_in.guards import step_up_for


@admin.register(GatewayState)
class GatewayStateAdmin(ReadOnlyModelAdmin):
    """Every configured gateway. Not every gateway has a row, so the pages use its name."""

    section = Section.MESSAGES

    def may_export(self, request: HttpRequest) -> bool:
        """Return False, because the page is not a list of rows."""
        return False

    def get_urls(self) -> list[Any]:
        """Add a page for each gateway, and the pages that disable and enable it."""
        view = self.admin_site.admin_view
        return [
            path("gateway/<slug:slug>/", view(self.gateway), name="mfa_sms_gateway"),
            path("gateway/<slug:slug>/disable/", view(_disable), name="mfa_sms_gateway_disable"),
            path("gateway/<slug:slug>/enable/", view(_enable), name="mfa_sms_gateway_enable"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """List the gateways in the order in which they are tried."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return _render(request, "list", _("Gateways"), gateways=gateway_status.all_gateway_statuses())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the page of the row's gateway."""
        row = self.get_object(request, object_id)
        if row is None or request.method == "POST":
            return super().change_view(request, object_id, form_url, extra_context)
        return self.gateway(request, row.gateway)

    def gateway(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show one gateway and what this administrator can do about it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = _found(slug)
        return _render(request, "page", found.slug, gateway=found, may_disable=_may_disable(request))


def _may_disable(request: HttpRequest) -> bool:
    return cast(Account, request.user).has_perm(DISABLE_GATEWAY)


def _found(slug: str) -> GatewayStatus:
    found = gateway_status.gateway_status(slug)
    if found is None:
        raise Http404
    return found


@step_up_for(_may_disable)
def _disable(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the reason and disable the gateway."""
    gateway = _found(slug)
    if not gateway.configured:
        raise Http404
    if gateway.is_disabled:
        messages.info(request, _("The gateway is out of service already."))
        return redirect("admin:mfa_sms_gateway", gateway.slug)
    last = gateway_control.is_last(gateway.slug)
    form = DisableGatewayForm(
        request.POST if request.method == "POST" else None,
        last=last,
        initial=kept_forms.kept_initial(request, DisableGatewayForm),
    )
    if request.method == "POST" and form.is_valid():
        said, agent = form.cleaned_data, cast(Account, request.user)
        try:
            gateway_control.disable_gateway(
                agent, gateway.slug, said["note"], client_info_of(request), knows=bool(said.get("knows"))
            )
        except GatewayRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The gateway is out of service."))
            return redirect("admin:mfa_sms_gateway", gateway.slug)
    return _render(request, "disable", _("Take out of service"), gateway=gateway, form=form, last=last)


@step_up_for(_may_disable)
def _enable(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for confirmation and enable the gateway."""
    gateway = _found(slug)
    form = EnableGatewayForm(request.POST if request.method == "POST" else None, initial={"seen": gateway.stamp})
    if request.method == "POST" and form.is_valid():
        try:
            agent = cast(Account, request.user)
            gateway_control.enable_gateway(agent, gateway.slug, form.cleaned_data["seen"], client_info_of(request))
        except GatewayRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The gateway is back in service."))
        return redirect("admin:mfa_sms_gateway", gateway.slug)
    if not gateway.out_of_service:
        messages.info(request, _("The gateway is in service already."))
        return redirect("admin:mfa_sms_gateway", gateway.slug)
    return _render(request, "enable", _("Put back in service"), gateway=gateway, form=form)


def _render(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"mfa_sms/gateways/{name}.html", context)
