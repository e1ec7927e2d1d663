"""Notices in the admin, which are read-only, and banners, which administrators write."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Account
from backoffice.admin_sections import Section
from backoffice.by_owner import ByOwnerModelAdmin
from backoffice.step_up_admin import StepUpModelAdmin
from common.client_info import client_info_of
from notices import banners, events
from notices.models import Banner, Notice

if TYPE_CHECKING:
    _Form = forms.ModelForm[Banner]
else:
    _Form = forms.ModelForm


@admin.register(Notice)
class NoticeAdmin(ByOwnerModelAdmin):
    """The list of notices that were mailed to owners."""

    section = Section.MESSAGES
    list_display = ("when", "kind", "owner_link", "sent_at", "tries")
    export_details = ("tried_at",)
    list_filter = ("kind",)
    list_select_related = ("account",)
    fields = ("kind", "owner_link", "event", "created_at", "tries", "tried_at", "sent_at")


class BannerForm(_Form):
    """A banner that ends after it starts."""

    class Meta:
        model = Banner
        fields = ("text_da", "text_en", "starts_at", "ends_at")

    def clean(self) -> dict[str, Any]:
        """Return the cleaned banner. Adds an error if it ends before it starts."""
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The banner must end after it starts."))
        return cleaned


@admin.register(Banner)
class BannerAdmin(StepUpModelAdmin):
    """Banners. Each change is an event and needs a fresh second factor. A banner is ended, not deleted."""

    section = Section.SETTINGS
    form = BannerForm
    list_display = ("starts_at", "ends_at", "text_da", "text_en")
    fields = BannerForm.Meta.fields

    def save_model(self, request: HttpRequest, obj: Banner, form: Any, change: bool) -> None:
        """Save the banner and its event. The admin runs both in one transaction."""
        super().save_model(request, obj, form, change)
        detail = f"{obj.starts_at:%Y-%m-%dT%H:%MZ} {obj.ends_at:%Y-%m-%dT%H:%MZ} {obj.text_da}"
        events.banner_changed(cast(Account, request.user), obj.pk, detail, client_info_of(request))
        banners.forget()
