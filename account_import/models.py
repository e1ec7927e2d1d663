"""Files of accounts that administrators upload."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccountImport(models.Model):
    """One file: checked, shown, then applied as it was shown, or not at all."""

    class State(models.TextChoices):
        """How far it has come."""

        CHECKING = "checking", _("Being checked")
        READY = "ready", _("Ready to be applied")
        REFUSED = "refused", _("Has errors")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        FAILED = "failed", _("Not applied")
        DROPPED = "dropped", _("Dropped")

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("applied by")
    )
    file_name = models.CharField(_("file"), max_length=100)
    # The file itself, until it is applied, refused or dropped.
    content = models.BinaryField(default=b"", editable=False)
    deactivate_missing = models.BooleanField(_("deactivate who is not in the file"), default=False)
    # Whoever applied it knew that unusually many accounts are deactivated.
    forced = models.BooleanField(default=False, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.CHECKING)
    state_at = models.DateTimeField(_("state since"), default=timezone.now)
    rows = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    # What changes, in numbers and examples, or errors by their lines. Only what was shown is applied: `fingerprint`.
    summary = models.JSONField(default=dict, blank=True, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("import of accounts")
        verbose_name_plural = _("imports of accounts")
        permissions = [("import_accounts", "Can import accounts")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
