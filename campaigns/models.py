"""Campaigns, their audiences, postponements and reminders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from common import clock


class EnrollmentCampaign(models.Model):
    """Which accounts must enroll, and by when. Enrollment can be postponed until the deadline."""

    class Audience(models.TextChoices):
        """The accounts that must enroll. The accounts of a list are `CampaignMember` rows."""

        STUDENTS = "students", _("Students")
        EMPLOYEES = "employees", _("Employees")
        LISTED = "listed", _("The usernames of a list")

    POSTPONE_DAYS_MAX: ClassVar[int] = 14

    name = models.CharField(_("name"), max_length=80, unique=True)
    audience = models.CharField(_("audience"), max_length=16, choices=Audience.choices)
    opens_at = models.DateTimeField(_("opens"), default=timezone.now)
    deadline = models.DateTimeField(_("deadline"))
    # Counted from the first postponement, and limited by the deadline. 0 allows no postponement.
    postpone_days = models.PositiveSmallIntegerField(
        _("days of “Not now”"), default=7, validators=[MaxValueValidator(POSTPONE_DAYS_MAX)]
    )
    postpone_times = models.PositiveSmallIntegerField(
        _("number of “Not now” allowed"), default=3, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    text_da = models.TextField(_("text in Danish"), max_length=1000)
    text_en = models.TextField(_("text in English"), max_length=1000)
    # Days before the deadline, such as "14, 7, 1". 0 is the day of the deadline.
    remind_days = models.CharField(_("reminders, days before the deadline"), max_length=100, blank=True)
    # No reminder is sent while this is set.
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[EnrollmentCampaign]] = models.Manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-deadline"]
        constraints = [
            models.CheckConstraint(condition=models.Q(deadline__gt=models.F("opens_at")), name="campaign_opens_first"),
            models.CheckConstraint(condition=models.Q(postpone_days__lte=14), name="campaign_postpone_days"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, now: datetime) -> bool:
        """Return whether the campaign has begun and its deadline is in the future."""
        return self.opens_at <= now < self.deadline

    @property
    def last_moment(self) -> datetime:
        """The last moment before the deadline.

        Users see its date. For a deadline at midnight, this is the day before.
        """
        return self.deadline - timedelta(microseconds=1)

    @property
    def reminder_days(self) -> list[int]:
        """The days before the deadline on which reminders are sent, as entered."""
        return [int(days) for days in self.remind_days.split(",") if days.strip()]

    def text(self, language: str) -> str:
        """Return the text for users, in one of the portal's languages."""
        return self.text_en if language == "en" else self.text_da


class CampaignMember(models.Model):
    campaign = models.ForeignKey(EnrollmentCampaign, models.CASCADE, related_name="members")
    account = models.ForeignKey(Account, models.PROTECT, related_name="campaign_members")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "account"], name="campaign_member_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.account_id}"


class Postponement(models.Model):
    """An account's postponements in a campaign: first and last time, and how many."""

    campaign = models.ForeignKey(EnrollmentCampaign, models.CASCADE, related_name="postponements")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postponements")
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    times = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "account"], name="postponement_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.account_id}"


class Reminder(models.Model):
    """One reminder of a campaign, sent to all accounts that are not enrolled by then."""

    campaign = models.ForeignKey(
        EnrollmentCampaign, models.PROTECT, related_name="reminders", verbose_name=_("campaign")
    )
    # Empty if an administrator requested the reminder.
    days_before = models.PositiveSmallIntegerField(_("days before the deadline"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # Every account of the audience up to this id has been listed in `ReminderMail`.
    listed_to = models.BigIntegerField(default=0)
    listed_at = models.DateTimeField(null=True, blank=True)  # when all accounts were listed
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "days_before"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.campaign} {clock.stamp(self.created_at)}"


class ReminderMail(models.Model):
    """One email of a reminder to one account. A worker claims it before it contacts the mail server.

    If a worker is killed after the claim and before it records the result, the row stays claimed. The result is then
    unknown, and the email is not sent again.
    """

    class State(models.TextChoices):
        WAITING = "", _("Waiting")
        CLAIMED = "claimed", _("Sending")
        SENT = "sent", _("Sent by email")
        ENROLLED = "enrolled", _("Enrolled in the meantime")
        FAILED = "failed", _("Not emailed")

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="mails")
    account = models.ForeignKey(Account, models.PROTECT, related_name="reminder_mails")
    state = models.CharField(max_length=16, choices=State.choices, blank=True, default=State.WAITING)
    state_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reminder", "account"], name="reminder_mail_once")]
        indexes = [
            models.Index(fields=["reminder", "id"], condition=models.Q(state=""), name="reminder_mail_waiting"),
            models.Index(fields=["reminder", "state"], name="reminder_mail_state"),
        ]

    def __str__(self) -> str:
        return f"{self.reminder_id} {self.account_id}"
