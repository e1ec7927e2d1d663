"""Account files that administrators upload."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccountImport(models.Model):
    """One uploaded file. It is checked, shown in a preview, and applied only as the preview showed it."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        READY = "ready", _("Ready to be applied")
        REFUSED = "refused", _("Has errors")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        FAILED = "failed", _("Not applied")
        DROPPED = "dropped", _("Discarded")

    # Empty if a program started the import.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("applied by")
    )
    file_name = models.CharField(_("file"), max_length=100)
    # The file's bytes, until it is applied, refused or dropped.
    content = models.BinaryField(default=b"", editable=False)
    deactivate_missing = models.BooleanField(_("deactivate accounts that are not in the file"), default=False)
    # The administrator confirmed that unusually many accounts are deactivated.
    forced = models.BooleanField(default=False, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.CHECKING)
    state_at = models.DateTimeField(_("state since"), default=timezone.now)
    rows = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    # The changes as numbers and examples, or the errors by line. `fingerprint` identifies the plan that was shown.
    summary = models.JSONField(default=dict, blank=True, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("import of accounts")
        verbose_name_plural = _("imports of accounts")
        permissions = [("import_accounts", "Can import accounts")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
