"""Recovery codes: one device for each account, and the codes that verify it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, TimestampMixin

from common import clock
from sign_in.methods.throttling import CappedThrottlingMixin


class RecoveryDevice(TimestampMixin, CappedThrottlingMixin, Device):
    """The recovery codes of an account. The device is confirmed as soon as there are codes.

    New codes keep the row, so that sessions bound to the device continue.

    The mixins must precede `Device`: the other order silently disables them. `verify_token` is django-otp's default and
    refuses every code. Only `mfa_recovery.verification` verifies codes, and it writes the events and notices.
    """

    # These fields repeat those of django-otp with translatable names. An account has one device.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_device", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=64, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    # The time at which the current codes were made.
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery codes of an account")
        verbose_name_plural = _("recovery codes")

    def __str__(self) -> str:
        return str(_("Recovery codes"))


class RecoveryCode(models.Model):
    """One code, stored as a password hash. A used code is kept until new codes replace the whole set."""

    device = models.ForeignKey(RecoveryDevice, models.CASCADE, related_name="codes", verbose_name=_("device"))
    digest = models.CharField(max_length=128, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")

    def __str__(self) -> str:
        return f"{clock.stamp(self.created_at)}"
