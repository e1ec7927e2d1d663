"""Recovery codes: one device of an account, and the codes that prove it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin, TimestampMixin, VerifyNotAllowed

from accounts import throttle


class RecoveryDevice(TimestampMixin, ThrottlingMixin, Device):
    """The recovery codes of an account; confirmed once there are any. New codes leave the row, so sessions on it live.

    The mixins stand left of `Device`: the other order silently disables them. Failures count per device, across codes
    and browsers. `verify_token` is the interface's own and refuses: a code is judged by `mfa_recovery.verification`
    alone, which writes its events and notices.
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
    throttling_failure_timestamp = models.DateTimeField(_("last wrong code"), null=True, blank=True)
    throttling_failure_count = models.PositiveIntegerField(_("wrong codes in a row"), default=0)

    disabled_at = models.DateTimeField(_("locked"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery codes of an account")
        verbose_name_plural = _("recovery codes")

    def __str__(self) -> str:
        return str(_("Recovery codes"))

    def get_throttle_factor(self) -> int:
        """Return the seconds of the first delay; each failure after it doubles them."""
        return 1

    def verify_is_allowed(self) -> tuple[bool, dict[str, Any] | None]:
        """Whether a code may be compared now; otherwise `locked_until` says from when, None for never."""
        until = throttle.locked_until(self.failures, self.throttling_failure_timestamp)
        if self.disabled_at is None and (until is None or timezone.now() >= until):
            return True, None
        return False, {
            "reason": VerifyNotAllowed.N_FAILED_ATTEMPTS,
            "failure_count": self.failures,
            "locked_until": until if self.disabled_at is None else None,
        }

    @property
    def failures(self) -> int:
        """Wrong codes in a row."""
        return int(self.throttling_failure_count)

    def throttle_increment(self, commit: bool = True) -> None:
        """Count a wrong code. The one that makes `CODE_FAILURES_TO_DISABLE` in a row locks the device for good."""
        super().throttle_increment(commit=False)
        if throttle.is_disabled(self.failures):
            self.disabled_at = timezone.now()
        if commit:
            self.save(update_fields=["throttling_failure_timestamp", "throttling_failure_count", "disabled_at"])


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
        return f"{self.created_at:%Y-%m-%d %H:%M:%S}"
