"""Throttling of wrong codes, the same for every method: django-otp's delays with a later start and a cap."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import CooldownMixin, Device, ThrottlingMixin, VerifyNotAllowed


def locked_until(failures: int, last_failure: datetime | None) -> datetime | None:
    """Return when the next code may be compared. None means at once, and the result may be in the past.

    `failures` is the number of consecutive wrong codes, and `last_failure` is the time of the last one. The delays of
    1, 2, 4 … seconds start with failure number `CODE_FAILURES_TO_LOCK`, so that a typo costs nothing. They are capped,
    so that a stranger's guesses do not lock the owner out for a day.
    """
    if failures < settings.CODE_FAILURES_TO_LOCK or last_failure is None:
        return None
    delay: timedelta = min(timedelta(seconds=2 ** min(failures - 1, 20)), settings.CODE_THROTTLE_MAX)
    return last_failure + delay


if TYPE_CHECKING:
    _Throttled = ThrottlingMixin
else:
    _Throttled = object


class CappedThrottling(_Throttled):
    """Throttles wrong codes for a device, and locks it after too many. Failures count per device.

    For a model with django-otp's own fields, for example `TOTPDevice`. A proxy model can use this base, because it adds
    no field. A device of our own uses `CappedThrottlingMixin`. Must precede `Device` in the MRO.
    """

    @property
    def failures(self) -> int:
        """Return the number of consecutive wrong codes."""
        return int(self.throttling_failure_count)

    @property
    def is_disabled(self) -> bool:
        """Return whether the device is locked until the helpdesk unlocks it."""
        return self.failures >= int(settings.CODE_FAILURES_TO_DISABLE)

    def disable(self) -> None:
        """Lock the device until the helpdesk unlocks it, and save it."""
        self.throttling_failure_count = settings.CODE_FAILURES_TO_DISABLE
        self.save(update_fields=["throttling_failure_count"])

    def get_throttle_factor(self) -> int:
        """Return the first delay in seconds. Each further failure doubles it."""
        return 1

    def verify_is_allowed(self) -> tuple[bool, dict[str, Any] | None]:
        """Return whether a code may be compared now, and the details if not.

        `locked_until` is the end of the wait, or None if only the helpdesk can unlock the device.
        """
        until = locked_until(self.failures, self.throttling_failure_timestamp)
        if not self.is_disabled and (until is None or timezone.now() >= until):
            return True, None
        return False, {
            "reason": VerifyNotAllowed.N_FAILED_ATTEMPTS,
            "failure_count": self.failures,
            "locked_until": None if self.is_disabled else until,
        }


class CappedThrottlingMixin(CappedThrottling, ThrottlingMixin):
    """`CappedThrottling` with its fields, for devices of our own. Must precede `Device` in the MRO."""

    # The same fields as in django-otp, with translatable names.
    throttling_failure_timestamp = models.DateTimeField(_("last wrong code"), null=True, blank=True)
    throttling_failure_count = models.PositiveIntegerField(_("wrong codes in a row"), default=0)
    disabled_at = models.DateTimeField(_("locked"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_disabled(self) -> bool:
        """Return whether the device is locked until the helpdesk unlocks it."""
        return self.disabled_at is not None

    def disable(self) -> None:
        """Lock the device until the helpdesk unlocks it, and save it."""
        self.disabled_at = timezone.now()
        self.save(update_fields=["disabled_at"])

    def throttle_increment(self, commit: bool = True) -> None:
        """Count a wrong code. Consecutive failure number `CODE_FAILURES_TO_DISABLE` locks the device."""
        super().throttle_increment(commit=False)
        if super().is_disabled:
            self.disabled_at = timezone.now()
        if commit:
            self.save(update_fields=["throttling_failure_timestamp", "throttling_failure_count", "disabled_at"])


@dataclass(frozen=True)
class State:
    """The throttling state of a device.

    `failures` is the number of consecutive wrong codes. `disabled` is True if the device is locked until the helpdesk
    unlocks it. `until` is the end of the current wait, or None.
    """

    failures: int
    disabled: bool
    until: datetime | None

    @property
    def tries_left(self) -> int:
        """Return the number of wrong codes before the next wait."""
        return max(0, settings.CODE_FAILURES_TO_LOCK - self.failures)


def state(device: Device) -> State:
    """Return the current state of a device of any method."""
    failures = getattr(device, "throttling_failure_count", 0)
    until = locked_until(failures, getattr(device, "throttling_failure_timestamp", None))
    disabled = isinstance(device, CappedThrottling) and device.is_disabled
    return State(failures, disabled, until if until and until > timezone.now() else None)


def disable(device: Device) -> None:
    """Lock a device until the helpdesk unlocks it. Raises TypeError if it has no `CappedThrottling`."""
    if not isinstance(device, CappedThrottling):
        raise TypeError(f"{device._meta.label} cannot be locked.")
    device.disable()


def clear(device: Device) -> None:
    """Unlock a device of any method, reset its count of wrong codes, and end its wait for the next message."""
    fresh = {"throttling_failure_count": 0, "throttling_failure_timestamp": None, "disabled_at": None}
    changed = [name for name in fresh if hasattr(device, name)]
    for name in changed:
        setattr(device, name, fresh[name])
    device.save(update_fields=changed)
    if isinstance(device, CooldownMixin):
        device.cooldown_reset()
