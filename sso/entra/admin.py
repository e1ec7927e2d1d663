"""Entra tenants in the admin, and the links of their users to accounts."""

from typing import Any, cast

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Account
from backoffice.admin_sections import Section
from backoffice.by_owner import ByOwnerModelAdmin
from backoffice.step_up_admin import StepUpModelAdmin
from common.client_info import client_info_of
from sso import events
from sso.entra import linking, pilots, tenant_keys
from sso.entra.forms import PilotForm, TenantForm
from sso.models import Tenant, TenantLink


@admin.register(Tenant)
class TenantAdmin(StepUpModelAdmin):
    """Tenants. Each change is an event and requires a fresh second factor."""

    section = Section.SERVICES
    form = TenantForm
    list_display = ("name", "tenant_id", "students", "employees", "is_pilot", "is_enabled", "fetched_at")

    def get_fields(self, request: HttpRequest, obj: Tenant | None = None) -> Any:
        """Return the form's fields; for an existing tenant, also the values that were read from it."""
        fields = TenantForm.Meta.fields
        return fields if obj is None else (*fields, "issuer", "fetched_at", "further")

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> Any:
        """Return the read-only fields. The tenant id cannot change, because the links to its users depend on it."""
        return () if obj is None else ("tenant_id", "issuer", "fetched_at", "further")

    @admin.display(description=gettext_lazy("More settings"))
    def further(self, row: Tenant) -> str:
        """Return the links to the other pages."""
        ways = (("admin:sso_tenant_keys", _("Read the keys now")), ("admin:sso_tenant_pilot", _("Pilot group")))
        links = ((reverse(name, args=[row.pk]), text) for name, text in ways)
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def get_urls(self) -> list[Any]:
        """Return the URLs, with the pages of the keys and of the pilot group."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/keys/", view(self.keys), name="sso_tenant_keys"),
            path("<int:pk>/pilot/", view(self.pilot), name="sso_tenant_pilot"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Tenant, form: Any, change: bool) -> None:
        """Save the tenant and its event; the admin does both in one transaction."""
        if "metadata_url" in form.changed_data:
            # SECURITY: keys from another address are no longer trusted.
            obj.issuer, obj.keys, obj.fetched_at, obj.tried_at = "", {}, None, None
        super().save_model(request, obj, form, change)
        detail = (
            f"enabled={obj.is_enabled:d} pilot={obj.is_pilot:d}"
            f" students={obj.students:d} employees={obj.employees:d} client={obj.client_id} app={obj.app_id}"
        )
        service = linking.service_of_tenant(obj)
        events.service_changed(cast(Account, request.user), service, detail, client_info_of(request))

    def keys(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Read the tenant's keys on POST, and show what was read."""

        def page(request: HttpRequest) -> HttpResponse:
            tenant = _tenant(pk)
            if request.method != "POST":
                return self._page(request, tenant, "sso/admin/tenant_keys.html")
            try:
                read = tenant_keys.read_metadata(tenant)
            except tenant_keys.CannotRead as error:
                why = {"error": _(error.text), "detail": error.detail}
                return self._page(request, tenant, "sso/admin/tenant_keys.html", **why)
            service, detail = linking.service_of_tenant(tenant), f"keys={len(read.keys)}"
            events.service_changed(cast(Account, request.user), service, detail, client_info_of(request))
            return self._page(request, tenant, "sso/admin/tenant_keys.html", read=read)

        return self.change_page(request, page)

    def pilot(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the pilot group. On POST, add or remove the accounts of a list."""

        def page(request: HttpRequest) -> HttpResponse:
            tenant = _tenant(pk)
            form = PilotForm(request.POST, request.FILES) if request.method == "POST" else PilotForm()
            if form.is_bound and form.is_valid():
                act = pilots.add_members if form.cleaned_data["act"] == "add" else pilots.remove_members
                members = act(
                    tenant, form.cleaned_data["accounts"], cast(Account, request.user), client_info_of(request)
                )
                text = ngettext("The group has %(count)d member.", "The group has %(count)d members.", members)
                messages.success(request, text % {"count": members})
                return redirect("admin:sso_tenant_pilot", pk)
            names = tenant.pilot.order_by("account__username").values_list("account__username", flat=True)
            return self._page(request, tenant, "sso/admin/tenant_pilot.html", form=form, names=names)

        return self.change_page(request, page)

    def _page(self, request: HttpRequest, tenant: Tenant, template: str, **context: Any) -> TemplateResponse:
        titled = {**self.admin_site.each_context(request), "opts": Tenant._meta, "title": str(tenant), "tenant": tenant}
        return TemplateResponse(request, template, {**titled, **context})


@admin.register(TenantLink)
class TenantLinkAdmin(ByOwnerModelAdmin):
    """The links of tenants' users to accounts."""

    section = Section.SERVICES
    moment = "linked_at"
    exactly = ("object_id",)
    list_display = ("owner_link", "tenant", "object_id", "when")
    list_select_related = ("account", "tenant")
    fields = ("account", "tenant", "object_id", "linked_at")


def _tenant(pk: int) -> Tenant:
    tenant = Tenant.objects.filter(pk=pk).first()
    if tenant is None:
        raise Http404
    return tenant
