"""How wrong codes are slowed down: django-otp's delays, but begun late and capped. The same for every factor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import CooldownMixin, Device, ThrottlingMixin, VerifyNotAllowed


def locked_until(failures: int, last_failure: datetime | None) -> datetime | None:
    """Return when the next code may be compared, given the wrong ones in a row and when the last one came.

    The delays of 1, 2, 4 … seconds begin to count with the failure that ends a challenge, so that a slip costs nothing,
    and are capped, so that a stranger's guesses do not lock the owner out for a day. None: at once. May be in the past.
    """
    if failures < settings.CODE_FAILURES_TO_LOCK or last_failure is None:
        return None
    delay: timedelta = min(timedelta(seconds=2 ** min(failures - 1, 20)), settings.CODE_THROTTLE_MAX)
    return last_failure + delay


def is_disabled(failures: int) -> bool:
    """Whether that many wrong codes in a row lock a device until the helpdesk helps."""
    return failures >= int(settings.CODE_FAILURES_TO_DISABLE)


class SlowedMixin(ThrottlingMixin):
    """Slows down whoever enters wrong codes for a device, and locks it after too many. Stands left of `Device`.

    Failures count per device, across codes and browsers.
    """

    # django-otp's own fields again, with names that can be translated.
    throttling_failure_timestamp = models.DateTimeField(_("last wrong code"), null=True, blank=True)
    throttling_failure_count = models.PositiveIntegerField(_("wrong codes in a row"), default=0)
    disabled_at = models.DateTimeField(_("locked"), null=True, blank=True)

    class Meta:
        abstract = True

    def get_throttle_factor(self) -> int:
        """Return the seconds of the first delay; each failure after it doubles them."""
        return 1

    def verify_is_allowed(self) -> tuple[bool, dict[str, Any] | None]:
        """Whether a code may be compared now; otherwise `locked_until` says from when, None for never."""
        until = locked_until(self.failures, self.throttling_failure_timestamp)
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
        if is_disabled(self.failures):
            self.disabled_at = timezone.now()
        if commit:
            self.save(update_fields=["throttling_failure_timestamp", "throttling_failure_count", "disabled_at"])


@dataclass(frozen=True)
class State:
    """How a device stands: wrong codes in a row, whether it is locked until the helpdesk helps, or until when."""

    failures: int
    disabled: bool
    until: datetime | None

    @property
    def tries_left(self) -> int:
        """How many wrong codes it still takes before the next wait."""
        return max(0, settings.CODE_FAILURES_TO_LOCK - self.failures)


def state(device: Device) -> State:
    """Return how a device of any factor stands now."""
    failures = getattr(device, "throttling_failure_count", 0)
    until = locked_until(failures, getattr(device, "throttling_failure_timestamp", None))
    disabled = getattr(device, "disabled_at", None) is not None or is_disabled(failures)
    return State(failures, disabled, until if until and until > timezone.now() else None)


def clear(device: Device) -> None:
    """Unlock a device of any factor, count its wrong codes from zero, and end its wait for the next message."""
    fresh = {"throttling_failure_count": 0, "throttling_failure_timestamp": None, "disabled_at": None}
    changed = [name for name in fresh if hasattr(device, name)]
    for name in changed:
        setattr(device, name, fresh[name])
    device.save(update_fields=changed)
    if isinstance(device, CooldownMixin):
        device.cooldown_reset()
