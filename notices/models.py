"""The notices to owners."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from audit.models import SecurityEvent
from common import clock
from notices import kinds


class Notice(models.Model):
    """One email to the owner of an account about one event.

    The row is the outbox: it is written with the event, and a task sends the email.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="notices", verbose_name=_("account"))
    event = models.ForeignKey(SecurityEvent, models.PROTECT, related_name="notices", verbose_name=_("security event"))
    kind = models.CharField(_("kind"), max_length=kinds.MAX_LENGTH, choices=kinds.choices)
    # The email address before the event changed it. It gets the notice too.
    former_address = models.EmailField(_("former email address"), blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # The number of claims by workers, and the time of the last claim. If `sent_at` is empty, the email was not sent
    # yet.
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    tried_at = models.DateTimeField(_("last try"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["event", "kind", "account"], name="notice_once")]
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(sent_at=None), name="notice_unsent"),
            models.Index(fields=["kind"], name="notice_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {clock.stamp(self.created_at)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row. Raise `UnknownNotice` for a new row whose kind is not registered."""
        if self._state.adding:
            kinds.get_kind(self.kind)
        super().save(*args, **kwargs)


class Banner(models.Model):
    """A text at the top of every page, in both languages, from one moment to another. `notices.banners` reads it."""

    text_da = models.CharField(_("text in Danish"), max_length=300)
    text_en = models.CharField(_("text in English"), max_length=300)
    starts_at = models.DateTimeField(_("starts"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends"), db_index=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("banner")
        verbose_name_plural = _("banners")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="banner_starts_first")
        ]

    def __str__(self) -> str:
        return clock.stamp(self.starts_at)

    def text(self, language: str) -> str:
        """Return the text in one of the portal's languages."""
        return self.text_en if language == "en" else self.text_da
