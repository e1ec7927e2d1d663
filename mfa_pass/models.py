"""The model of access passes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, TimestampMixin

from sign_in.methods.throttling import CappedThrottlingMixin


class AccessPass(TimestampMixin, CappedThrottlingMixin, Device):
    """The access pass of an account: a code with a short life, stored as a password hash.

    A new pass is a new row, so no session outlives the old pass.

    The mixins must precede `Device`: the other order silently disables them. `verify_token` is django-otp's default and
    refuses every code. Only `mfa_pass.verification` verifies codes, and it writes the events.
    """

    # These fields repeat those of django-otp with translatable names. An account has one pass.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="access_pass", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=64, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    digest = models.CharField(max_length=128, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    single_use = models.BooleanField(_("works once"), default=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="issued_passes", verbose_name=_("agent")
    )

    class Meta:
        verbose_name = _("access pass")
        verbose_name_plural = _("access passes")
        permissions = [("issue_access_pass", "Can issue an access pass")]

    def __str__(self) -> str:
        return str(_("Access pass"))

    @property
    def is_alive(self) -> bool:
        """Return whether the pass is neither expired nor used up."""
        return timezone.now() < self.expires_at and (self.used_at is None or not self.single_use)
