"""Campaigns in the admin: administrators edit them, and all staff roles see their progress."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from backoffice.admin_sections import Section
from backoffice.step_up_admin import StepUpModelAdmin
from campaigns import events, progress, views
from campaigns.forms import CampaignForm
from campaigns.models import CampaignMember, EnrollmentCampaign
from common.client_info import client_info_of
from common.upload_handler import was_too_large

_MEMBERS_AT_ONCE = 5000


@admin.register(EnrollmentCampaign)
class EnrollmentCampaignAdmin(StepUpModelAdmin):
    """Campaigns. Each change needs a step-up and writes an event. Campaigns cannot be deleted."""

    section = Section.CAMPAIGNS
    form = CampaignForm
    change_form_template = "campaigns/admin/campaign.html"
    list_display = ("name", "audience", "opens_at", "deadline", "standing")
    list_filter = ("audience",)
    search_fields = ("name",)

    @admin.display(description=gettext_lazy("status"))
    def standing(self, row: EnrollmentCampaign) -> str:
        """Return the campaign's status in words."""
        now = timezone.now()
        if now >= row.deadline:
            return _("The deadline has passed")
        if now < row.opens_at:
            return _("Not open yet")
        return _("Reminders are paused") if row.paused_at else _("Open")

    @admin.display(description=gettext_lazy("accounts of the list"))
    def listed(self, row: EnrollmentCampaign) -> int:
        """Return the number of accounts in the list."""
        return row.members.count()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields. Users who may edit the list see the upload field; others see the length of the list."""
        edits = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        shown, (name, audience, *others) = ("usernames" if edits else "listed"), CampaignForm.Meta.fields
        return [name, audience, shown, *others]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["listed"] if "listed" in self.get_fields(request, obj) else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form. It learns from `too_large` that the upload handler discarded the file."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.too_large = bool(request.POST) and was_too_large(request)
        return form

    def get_urls(self) -> list[Any]:
        """Add the pages of a campaign."""
        view = self.admin_site.admin_view
        return [
            path("<int:campaign_id>/do/", view(views.perform), name="campaign_do"),
            path("<int:campaign_id>/missing/", view(views.missing_page), name="campaign_missing"),
            path("<int:campaign_id>/missing/csv/", view(views.export), name="campaign_export"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the progress above the fields."""
        campaign = context["original"]
        if campaign is not None:
            context["progress"] = progress.campaign_progress(campaign)
            context["is_open"] = campaign.is_open(timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: EnrollmentCampaign, form: Any, change: bool) -> None:
        """Save the campaign, its list and its event. The admin wraps them in one transaction."""
        # Write only the form's fields: another administrator may have paused the reminders since this form was loaded.
        obj.save(update_fields=CampaignForm.Meta.fields if change else None)
        obj.refresh_from_db(fields=["paused_at"])
        ids = form.cleaned_data.get("usernames")
        is_listed = obj.audience == EnrollmentCampaign.Audience.LISTED
        if ids is not None or not is_listed:
            obj.members.all().delete()
            members = [CampaignMember(campaign=obj, account_id=account_id) for account_id in ids or ()]
            CampaignMember.objects.bulk_create(members, batch_size=_MEMBERS_AT_ONCE)
        detail = (
            f"audience={obj.audience} opens={obj.opens_at:%Y-%m-%dT%H:%M%z} deadline={obj.deadline:%Y-%m-%dT%H:%M%z}"
            f" days={obj.postpone_days} times={obj.postpone_times} remind={obj.remind_days.replace(' ', '')}"
            f"{f' listed={obj.members.count()}' if is_listed else ''}{' paused' if obj.paused_at else ''}"
        )
        events.campaign_changed(cast(Account, request.user), obj.name, detail, client_info_of(request))
