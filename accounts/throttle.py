"""How wrong codes are slowed down: django-otp's delays, but begun late and capped. The same for every factor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django_otp.models import CooldownMixin, Device


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
        device.cooldown_reset()  # type: ignore[no-untyped-call]
