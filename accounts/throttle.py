"""How wrong codes are slowed down: django-otp's delays, but begun late and capped. The same for every factor."""

from datetime import datetime, timedelta

from django.conf import settings


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
