"""Recovery codes: one device of an account, and the codes that prove it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, TimestampMixin

from common import clock
from sign_in.methods.throttling import CappedThrottlingMixin


class RecoveryDevice(TimestampMixin, CappedThrottlingMixin, Device):
    """The recovery codes of an account; confirmed once there are any. New codes leave the row, so sessions on it live.

    The mixins stand left of `Device`: the other order silently disables them. `verify_token` is the interface's own and
    refuses: a code is judged by `mfa_recovery.verification` alone, which writes its events and notices.
    """

    # django-otp's own fields again, with names that can be translated; an account has one.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_device", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=64, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    # When the codes that are valid now were made.
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery codes of an account")
        verbose_name_plural = _("recovery codes")

    def __str__(self) -> str:
        return str(_("Recovery codes"))


class RecoveryCode(models.Model):
    """One code, as a password hash. Used ones stay until new ones take the place of all."""

    device = models.ForeignKey(RecoveryDevice, models.CASCADE, related_name="codes", verbose_name=_("device"))
    digest = models.CharField(max_length=128, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")

    def __str__(self) -> str:
        return f"{clock.stamp(self.created_at)}"
