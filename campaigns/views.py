"""Admin pages of a campaign: its actions, the accounts that have not enrolled, and their export."""

from typing import cast

from django.contrib import messages
from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.models import Account
from backoffice import events
from backoffice.permissions import EXPORT_LIST
from campaigns import audience, missing, reminders
from campaigns.models import EnrollmentCampaign
from campaigns.permissions import CHANGE_CAMPAIGN, VIEW_CAMPAIGN
from common import csv_export
from common.client_info import client_info_of
from common.problem_pages import forbidden
from sign_in.guards import step_up_for

_ACTIONS = {"remind": reminders.request_reminder, "pause": reminders.pause, "resume": reminders.resume}


def _may_change(request: HttpRequest) -> bool:
    return _agent(request).has_perm(CHANGE_CAMPAIGN)


@step_up_for(_may_change)
def perform(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Send a reminder, pause or resume. Requires a step-up."""
    campaign = get_object_or_404(EnrollmentCampaign, pk=campaign_id)
    done = request.POST.get("do", "") if request.method == "POST" else ""
    action = _ACTIONS.get(done)
    if done == "remind" and request.POST.get("confirmed") != "yes":
        return _confirm_reminder(request, campaign)
    if action is not None:
        try:
            action(_agent(request), campaign.pk, client_info_of(request))
        except reminders.NotNow as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Done."))
    return redirect("admin:campaigns_enrollmentcampaign_change", campaign.pk)


def _confirm_reminder(request: HttpRequest, campaign: EnrollmentCampaign) -> HttpResponse:
    """Show how many people get the reminder, before it is sent."""
    context = {
        **site.each_context(request),
        "title": _("Send a reminder now"),
        "campaign": campaign,
        "total": audience.missing(campaign).exclude(email="").count(),
    }
    return render(request, "campaigns/admin/confirm_reminder.html", context)


def missing_page(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show the accounts that have not enrolled, one page at a time."""
    agent = _agent(request)
    if not agent.has_perm(VIEW_CAMPAIGN):
        return forbidden(request)
    campaign = get_object_or_404(EnrollmentCampaign, pk=campaign_id)
    after = request.GET.get("after", "")
    context = {
        **site.each_context(request),
        "title": _("Who is missing"),
        "campaign": campaign,
        "page": missing.missing_accounts(
            campaign, int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
        ),
        "total": audience.missing(campaign).count(),
        "may_export": agent.has_perm(EXPORT_LIST),
    }
    return render(request, "campaigns/admin/missing.html", context)


def export(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Return the accounts that have not enrolled as a CSV file. Each export writes an event."""
    agent = _agent(request)
    if not agent.has_perms([VIEW_CAMPAIGN, EXPORT_LIST]):
        return forbidden(request)
    campaign = get_object_or_404(EnrollmentCampaign, pk=campaign_id)
    if request.method != "POST":
        return redirect("admin:campaign_missing", campaign.pk)
    events.list_exported(agent, "campaign_missing", f"campaign={campaign.pk}", client_info_of(request))
    return csv_export.csv_response(f"campaign-{campaign.pk}-missing", missing.headings(), missing.table(campaign))


def _agent(request: HttpRequest) -> Account:
    return cast(Account, request.user)
