"""Starts reminders: on the days that a campaign names, or when an administrator requests one."""

from datetime import datetime, time, timedelta
from functools import partial

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from campaigns import events
from campaigns.models import EnrollmentCampaign, Reminder, ReminderMail
from campaigns.reminder_mails import send_reminder
from common.client_info import ClientInfo
from common.publishing import publish_soon


class NotNow(ValueError):
    """The request cannot be fulfilled now. The message says why, in the current language."""


def due_at(campaign: EnrollmentCampaign, days_before: int) -> datetime:
    """Return when the reminder for that many days before the deadline is due, in Danish local time."""
    day = timezone.localdate(campaign.last_moment) - timedelta(days=days_before)
    return timezone.make_aware(datetime.combine(day, time(settings.REMINDERS_FROM_HOUR)))


@shared_task(name="campaigns.sweep_reminders")
def sweep_reminders() -> None:
    """Start each reminder that is due today, once. Publish the task again for unfinished reminders that are idle.

    Reminders of earlier days are not started later, if the campaign was created too late or was paused.
    """
    now = timezone.now()
    for campaign in EnrollmentCampaign.objects.filter(paused_at=None, opens_at__lte=now, deadline__gt=now):
        for days_before in campaign.reminder_days:
            due = due_at(campaign, days_before)
            if due <= now and timezone.localdate(due) == timezone.localdate(now):
                _begin(campaign, days_before)
    idle_since = now - settings.REMINDER_IDLE
    busy = ReminderMail.objects.filter(reminder=OuterRef("pk"), state_at__gt=idle_since)
    lost = Reminder.objects.filter(
        ~Exists(busy), finished_at=None, campaign__paused_at=None, created_at__lte=idle_since
    )
    for reminder_id in lost.values_list("pk", flat=True):
        publish_soon(send_reminder, reminder_id)


def _begin(campaign: EnrollmentCampaign, days_before: int) -> None:
    with transaction.atomic():
        reminder, begun = Reminder.objects.get_or_create(campaign=campaign, days_before=days_before)
        if begun:
            _write(reminder, None, f"days_before={days_before}", ClientInfo())


def _write(reminder: Reminder, actor: Account | None, detail: str, client: ClientInfo) -> None:
    events.reminder_requested(actor, reminder.campaign.name, detail, client)
    transaction.on_commit(partial(publish_soon, send_reminder, reminder.pk), robust=True)


def request_reminder(actor: Account, campaign_id: int, client: ClientInfo) -> None:
    """Start a reminder now.

    Raise `NotNow` if the campaign is not open or is paused, or if another reminder began recently.
    """
    now = timezone.now()
    with transaction.atomic():
        campaign = _lock(campaign_id)
        if not campaign.is_open(now):
            raise NotNow(_("The campaign is not open: no reminders are sent."))
        if campaign.paused_at:
            raise NotNow(_("The campaign is paused. Resume it first."))
        if campaign.reminders.filter(created_at__gt=now - settings.REMINDERS_APART).exists():
            raise NotNow(_("A reminder began less than an hour ago. Wait before you send another."))
        reminder = Reminder.objects.create(campaign=campaign, asked_by=actor)
        _write(reminder, actor, "asked", client)


def pause(actor: Account, campaign_id: int, client: ClientInfo) -> None:
    """Stop sending reminders. Raise `NotNow` if they are already paused."""
    with transaction.atomic():
        campaign = _lock(campaign_id)
        if campaign.paused_at:
            raise NotNow(_("The campaign is paused already."))
        campaign.paused_at = timezone.now()
        campaign.save(update_fields=["paused_at"])
        events.campaign_changed(actor, campaign.name, "paused", client)


def resume(actor: Account, campaign_id: int, client: ClientInfo) -> None:
    """Resume paused reminders and publish their tasks. Raise `NotNow` if nothing is paused."""
    with transaction.atomic():
        campaign = _lock(campaign_id)
        if not campaign.paused_at:
            raise NotNow(_("The campaign is not paused."))
        campaign.paused_at = None
        campaign.save(update_fields=["paused_at"])
        events.campaign_changed(actor, campaign.name, "resumed", client)
        for reminder_id in campaign.reminders.filter(finished_at=None).values_list("pk", flat=True):
            transaction.on_commit(partial(publish_soon, send_reminder, reminder_id), robust=True)


def _lock(campaign_id: int) -> EnrollmentCampaign:
    return EnrollmentCampaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
