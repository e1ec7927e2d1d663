"""Services in the admin. Administrators register them. A secret is shown only once, when it is created."""

from hashlib import sha256
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oauth2_provider.generators import generate_client_secret

from accounts.models import Account
from backoffice.admin_sections import Section
from backoffice.step_up_admin import StepUpModelAdmin
from common.client_info import client_info_of
from sso import events
from sso.events import SERVICE_REFUSED
from sso.models import Client
from sso.models.clients import hashed
from sso.oidc import activity, secrets
from sso.oidc.forms import FIELDS, ClientForm
from sso.oidc.responses import ISSUER

_SHOWN = ("discovery", "identifier", "secrets", "try_it")
_STATE = ("last_used_at", "activity")


@admin.register(Client)
class ClientAdmin(StepUpModelAdmin):
    """Services. Each change is an event and requires a fresh second factor."""

    section = Section.SERVICES
    form = ClientForm
    # The library's page of a service does not exist here.
    view_on_site = False
    list_display = ("__str__", "kind", "students", "employees", "marks", "last_used_at", "is_enabled")
    list_filter = ("is_enabled", "kind", "pkce_exempt", "is_resource_server")
    search_fields = ("name_da", "name_en", "client_id", "owner_name", "owner_email")

    def get_fields(self, request: HttpRequest, obj: Client | None = None) -> Any:
        """Return the fields, with the facts that the service needs and its recent activity."""
        return FIELDS if obj is None else (*_SHOWN, *FIELDS, *_STATE)

    def get_readonly_fields(self, request: HttpRequest, obj: Client | None = None) -> Any:
        """Return the fields that no administrator can edit. The kind decides about the secret, so it stays."""
        return () if obj is None else (*_SHOWN, *_STATE, "kind")

    @admin.display(description=gettext_lazy("exceptions"))
    def marks(self, row: Client) -> str:
        """Return the exceptions of the service, for auditors."""
        marks = ((row.pkce_exempt, _("without PKCE")), (row.is_resource_server, _("checks tokens")))
        return ", ".join(text for holds, text in marks if holds)

    @admin.display(description=gettext_lazy("discovery address"))
    def discovery(self, row: Client) -> SafeString:
        """Return the one address that the service needs."""
        return format_html("<code>{}/.well-known/openid-configuration</code>", ISSUER)

    @admin.display(description=gettext_lazy("client ID"))
    def identifier(self, row: Client) -> SafeString:
        """Return the client id, to copy."""
        return format_html("<code>{}</code>", row.client_id)

    @admin.display(description=gettext_lazy("client secret"))
    def secrets(self, row: Client) -> SafeString | str:
        """Return the link to the page of the secrets."""
        if row.kind != Client.Kind.WEB:
            return _("This kind of service has no secret.")
        url = reverse("admin:sso_client_secret", args=[row.pk])
        return format_html('<a href="{}">{}</a>', url, _("Make or end a secret"))

    @admin.display(description=gettext_lazy("try a login"))
    def try_it(self, row: Client) -> SafeString | str:
        """Return the link to the page of the service where a login begins."""
        if not row.initiate_login_uri:
            return _("Enter the address where a login begins.")
        mark = "&" if "?" in row.initiate_login_uri else "?"
        url = f"{row.initiate_login_uri}{mark}iss={ISSUER}"
        return format_html('<a href="{}" target="_blank" rel="noreferrer">{}</a>', url, _("Try a login"))

    @admin.display(description=gettext_lazy("activity"))
    def activity(self, row: Client) -> SafeString:
        """Return the last days, the last refusals and the failed logouts."""
        found = activity.activity_of(row)
        rows = [(one, SERVICE_REFUSED.name_reason(one.reason)) for one in found.refusals]
        return render_to_string("sso/admin/activity.html", {"found": found, "refusals": rows})

    def get_urls(self) -> list[Any]:
        """Return the URLs, with the page of the secrets."""
        return [
            path("<int:pk>/secret/", self.admin_site.admin_view(self.secret), name="sso_client_secret"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        """Save the service and its event; the admin does both in one transaction."""
        before = what_holds(Client.objects.get(pk=obj.pk)) if change else {}
        if not change:
            # This secret is never shown. The page of the secrets makes the first usable one.
            obj.client_secret = hashed(generate_client_secret())
        super().save_model(request, obj, form, change)
        now = what_holds(obj)
        changed = {name: value for name, value in now.items() if before.get(name) != value}
        detail = " ".join(f"{name}={value}" for name, value in changed.items())
        events.service_changed(cast(Account, request.user), obj.client_id, detail or "-", client_info_of(request))

    def response_add(self, request: HttpRequest, obj: Client, post_url_continue: str | None = None) -> HttpResponse:
        """Redirect to the page of the secrets, so that a reload adds no second service."""
        name = "admin:sso_client_secret" if obj.kind == Client.Kind.WEB else "admin:sso_client_change"
        return redirect(name, obj.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Client | None = None) -> bool:
        """Return whether the service may be deleted: it is disabled, and has been unused for a month."""
        deletable = obj is not None and not obj.is_enabled and activity.is_unused(obj)
        return deletable and ModelAdmin.has_change_permission(self, request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Ask, then delete. Requires a step-up."""

        def page(request: HttpRequest) -> HttpResponse:
            return super(ClientAdmin, self).delete_view(request, object_id, extra_context)

        return self.change_page(request, page)

    def delete_model(self, request: HttpRequest, obj: Client) -> None:
        """Delete the service and write its event."""
        client_id = obj.client_id
        super().delete_model(request, obj)
        events.service_changed(cast(Account, request.user), client_id, f"deleted {obj}", client_info_of(request))

    def secret(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show when the secrets were made and used. Make a new one beside the old, or end the old one."""

        def page(request: HttpRequest) -> HttpResponse:
            client = Client.objects.filter(pk=pk, kind=Client.Kind.WEB).first()
            if client is None:
                raise Http404
            return self._change_secret(request, client) if request.method == "POST" else self._secrets(request, client)

        return self.change_page(request, page)

    def _change_secret(self, request: HttpRequest, client: Client) -> HttpResponse:
        actor, info, shown = cast(Account, request.user), client_info_of(request), request.POST.get("shown", "")
        try:
            if request.POST.get("act") == "end":
                secrets.end_older_secret(client, shown, actor, info)
                messages.success(request, _("The older secret has ended."))
                return redirect("admin:sso_client_secret", client.pk)
            made = secrets.make_secret(client, shown, actor, info)
        except secrets.SecretRefused:
            messages.warning(request, _("Nothing was changed. This is what holds now."))
            return redirect("admin:sso_client_secret", client.pk)
        response = self._page(request, client, "sso/admin/secret.html", secret=made, issuer=ISSUER)
        # SECURITY: the back button must not show the secret again.
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def _secrets(self, request: HttpRequest, client: Client) -> HttpResponse:
        return self._page(request, client, "sso/admin/new_secret.html", shown=secrets.version(client))

    def _page(self, request: HttpRequest, client: Client, template: str, **context: Any) -> TemplateResponse:
        titled = {**self.admin_site.each_context(request), "opts": Client._meta, "title": str(client), "client": client}
        return TemplateResponse(request, template, {**titled, **context})


def what_holds(client: Client) -> dict[str, str]:
    """Return the settings of a service for the audit log, which tells what has changed.

    `all` is a digest of every address, since the list of addresses may be too long for the log.
    """
    addresses = (client.redirect_uris, client.post_logout_redirect_uris, client.backchannel_logout_uri)
    digest = sha256("\n".join(" ".join(each.split()) for each in addresses).encode()).hexdigest()[:16]
    return {
        "enabled": f"{client.is_enabled:d}",
        "kind": client.kind,
        "students": f"{client.students:d}",
        "employees": f"{client.employees:d}",
        "consent": f"{client.asks_consent:d}",
        "max_age": str(client.max_sign_in_age or "-"),
        "sufficient": client.sufficient,
        "remembered": f"{client.accepts_remembered:d}",
        "without_pkce": f"{client.pkce_exempt:d}",
        "pairwise": f"{client.is_pairwise:d}",
        "checks_tokens": f"{client.is_resource_server:d}",
        "all": digest,
        "to": " ".join(client.redirect_uris.split()),
    }
