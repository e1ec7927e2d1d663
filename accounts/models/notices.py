"""What owners are told of, and what they answer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import clock, notice_kinds
from accounts.models.accounts import Account
from accounts.models.events import SecurityEvent


class Notice(models.Model):
    """One mail to an account's owner about one event.

    The row is the outbox: written with the event, mailed by a task.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="notices", verbose_name=_("account"))
    event = models.ForeignKey(SecurityEvent, models.PROTECT, related_name="notices", verbose_name=_("security event"))
    kind = models.CharField(_("kind"), max_length=notice_kinds.MAX_LENGTH, choices=notice_kinds.choices)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # How often a worker has claimed the row, and when it did last; empty `sent_at`: not mailed yet.
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    tried_at = models.DateTimeField(_("last try"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["event", "kind"], name="notice_once")]
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(sent_at=None), name="notice_unsent"),
            models.Index(fields=["kind"], name="notice_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {clock.stamp(self.created_at)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; raise `UnknownNotice` for a new row of a kind that is not registered."""
        if self._state.adding:
            notice_kinds.get_kind(self.kind)
        super().save(*args, **kwargs)


class Case(models.Model):
    """Something that the helpdesk must look into."""

    class Kind(models.TextChoices):
        """Why it was opened."""

        REPORTED = "reported", _("The owner says: it was not me")
        LOCKED = "locked", _("Locked after 100 wrong codes")

    kind = models.CharField(_("kind"), max_length=32, choices=Kind.choices)
    account = models.ForeignKey(Account, models.PROTECT, related_name="cases", verbose_name=_("account"))
    event = models.ForeignKey(
        SecurityEvent, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("security event")
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_cases",
        verbose_name=_("taken by"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="closed_cases",
        verbose_name=_("closed by"),
    )

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "event"], name="case_once"),
        ]
        indexes = [
            models.Index(fields=["opened_at"], condition=models.Q(closed_at=None), name="case_open"),
            # The list of cases, as PostgreSQL sorts it: what is open first, then the newest.
            models.Index(fields=["-closed_at", "-id"], name="case_listed"),
            models.Index(fields=["kind"], name="case_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {clock.stamp(self.opened_at)}"
