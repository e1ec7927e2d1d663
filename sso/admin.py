"""Services in the admin. Administrators register them. A secret is shown when it is made, and never again."""

from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oauth2_provider.generators import generate_client_secret

from accounts.models import Account
from backoffice.admin_sections import Section
from backoffice.read_only import ReadOnlyModelAdmin
from backoffice.step_up_admin import StepUpModelAdmin
from common.client_info import client_info_of
from sso import events
from sso.models import Client, SigningKey

if TYPE_CHECKING:
    _Form = forms.ModelForm[Client]
else:
    _Form = forms.ModelForm

_FIELDS = (
    *("name_da", "name_en", "students", "employees", "redirect_uris", "post_logout_redirect_uris"),
    *("backchannel_logout_uri", "max_sign_in_age", "asks_consent", "is_enabled"),
)


class ClientForm(_Form):
    """The form of one service, with one address per line."""

    class Meta:
        model = Client
        fields = _FIELDS
        labels = {
            "redirect_uris": gettext_lazy("Addresses after logging in"),
            "post_logout_redirect_uris": gettext_lazy("Addresses after logging out"),
        }
        help_texts = {
            "redirect_uris": gettext_lazy("One address per line. Must match exactly."),
            "post_logout_redirect_uris": gettext_lazy("One address per line. Must match exactly."),
        }


@admin.register(Client)
class ClientAdmin(StepUpModelAdmin):
    """Services. Each change is an event and requires a fresh second factor."""

    section = Section.SERVICES
    form = ClientForm
    list_display = ("client_id", "name_da", "name_en", "students", "employees", "is_enabled")
    list_filter = ("is_enabled",)
    search_fields = ("name_da", "name_en", "client_id")

    def get_fields(self, request: HttpRequest, obj: Client | None = None) -> Any:
        """Return the fields, without the secret."""
        return _FIELDS if obj is None else ("client_id", *_FIELDS, "new_secret")

    def get_readonly_fields(self, request: HttpRequest, obj: Client | None = None) -> Any:
        """Return the fields that no administrator can edit."""
        return ("client_id", "new_secret")

    @admin.display(description=gettext_lazy("client secret"))
    def new_secret(self, row: Client) -> str:
        """Return the link to the page that makes a new secret."""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:sso_client_secret", args=[row.pk]), _("Make a new one")
        )

    def get_urls(self) -> list[Any]:
        """Return the URLs, with the page that makes a secret."""
        return [
            path("<int:pk>/secret/", self.admin_site.admin_view(self.secret), name="sso_client_secret"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        """Save the service and its event; the admin does both in one transaction. Give a new service a secret."""
        if not change:
            obj.client_secret = request.made_secret = generate_client_secret()  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)
        events.service_changed(cast(Account, request.user), obj.client_id, what_holds(obj), client_info_of(request))

    def response_add(self, request: HttpRequest, obj: Client, post_url_continue: str | None = None) -> HttpResponse:
        """Show the secret, only this once."""
        return self._with_secret(request, obj, request.made_secret)  # type: ignore[attr-defined]

    def secret(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a new secret and show it, only this once. A GET asks first. The old secret is invalid at once."""

        def page(request: HttpRequest) -> HttpResponse:
            client = Client.objects.filter(pk=pk).first()
            if client is None:
                raise Http404
            if request.method != "POST":
                return self._page(request, client, "sso/admin/new_secret.html")
            made = generate_client_secret()
            with transaction.atomic():
                client.client_secret = made
                client.save()
                events.service_changed(
                    cast(Account, request.user), client.client_id, "new secret", client_info_of(request)
                )
            return self._with_secret(request, client, made)

        return self.change_page(request, page)

    def _with_secret(self, request: HttpRequest, client: Client, secret: str) -> HttpResponse:
        response = self._page(request, client, "sso/admin/secret.html", secret=secret)
        # SECURITY: the back button must not show the secret again.
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def _page(self, request: HttpRequest, client: Client, template: str, **context: Any) -> TemplateResponse:
        titled = {**self.admin_site.each_context(request), "opts": Client._meta, "title": str(client), "client": client}
        return TemplateResponse(request, template, {**titled, **context})


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyModelAdmin):
    """The signing keys: their public data and their dates. Operators make them."""

    section = Section.SETTINGS
    list_display = ("key_id", "use", "created_at", "signs_from", "retired_at", "gone_at", "verifies_until")
    list_filter = ("use",)
    fields = ("key_id", "use", "created_at", "signs_from", "retired_at", "gone_at", "verifies_until")


def what_holds(client: Client) -> str:
    """Return the settings of a service for the audit log.

    `all` is a digest of every address, since the list of addresses may be too long for the log.
    """
    addresses = (client.redirect_uris, client.post_logout_redirect_uris, client.backchannel_logout_uri)
    digest = sha256("\n".join(" ".join(each.split()) for each in addresses).encode()).hexdigest()[:16]
    return (
        f"enabled={client.is_enabled:d} students={client.students:d} employees={client.employees:d}"
        f" consent={client.asks_consent:d} max_age={client.max_sign_in_age or '-'}"
        f" all={digest} to={' '.join(client.redirect_uris.split())}"
    )
