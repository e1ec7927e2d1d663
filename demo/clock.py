"""A clock that can be set, to call the product's own functions as of a day in the past."""

import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, tzinfo
from types import TracebackType
from unittest import mock

import django_otp.oath
from django.utils import timezone


class Clock:
    """Replaces the time in this process, for all threads, inside its block.

    `timezone.now()` and `time.time()` return `now`. The patch is in `django.utils.timezone`, where Django reads the
    time, because defaults of model fields refer to the function `timezone.now` itself.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now

    def forward(self, seconds: float) -> None:
        """Advance the time."""
        self.now += timedelta(seconds=seconds)

    def reach(self, moment: datetime) -> None:
        """Advance the time to `moment`. Do nothing if it has passed."""
        self.now = max(self.now, moment)

    def __enter__(self) -> "Clock":
        clock = self

        class Moved(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return clock.now.astimezone(tz or UTC)

        self._patches = ExitStack()
        self._patches.enter_context(mock.patch.object(timezone, "datetime", Moved))
        for module in (time, django_otp.oath):
            self._patches.enter_context(mock.patch.object(module, "time", self._seconds))
        return self

    def _seconds(self) -> float:
        return self.now.timestamp()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patches.close()
