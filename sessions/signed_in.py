"""The sign-in data of a session, and the limits of the session."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

KEY = "signed_in"


class Over(enum.Enum):
    """The reason why a session is over."""

    IDLE = "idle"
    LIFE = "life"
    LENT = "lent"


@dataclass(frozen=True)
class SignedIn:
    """One sign-in. `at` and `seen` are in seconds since the epoch.

    `id` identifies the session in pages. It reveals nothing about the key, and stays the same when the key changes.
    `staff` is whether the account had admin access at the sign-in. `is_remembered` is whether the session outlives the
    browser. `ends` is the latest end, in seconds since the epoch. It is set if the session depends on temporary access.
    """

    id: str
    account_id: int
    at: float
    seen: float
    address: str | None
    browser: str
    staff: bool
    is_remembered: bool = False
    ends: float | None = None

    @classmethod
    def of(cls, session_data: SessionBase | dict[str, Any]) -> SignedIn | None:
        """Return the sign-in data of the session, or None if it is missing, invalid or of another account."""
        state = session_data.get(KEY)
        try:
            signed_in = cls(**state) if state else None
        except TypeError:  # written by a version with other fields
            return None
        return signed_in if signed_in and str(signed_in.account_id) == session_data.get(SESSION_KEY) else None

    @property
    def life_ends(self) -> float:
        """The latest end of the session, in seconds since the epoch.

        It counts from the sign-in, so that use cannot extend it.
        """
        life = settings.SESSION_LIFE
        if self.staff:
            life = settings.STAFF_SESSION_LIFE
        elif self.is_remembered:
            life = timedelta(days=settings.REMEMBER_ME_DAYS)
        life_ends = self.at + float(life.total_seconds())
        return life_ends if self.ends is None else min(life_ends, self.ends)

    @property
    def idle_ends(self) -> float:
        """The end of the session without further use, in seconds since the epoch."""
        if self.staff:
            return self.seen + float(settings.STAFF_SESSION_IDLE.total_seconds())
        return inf if self.is_remembered else self.seen + float(settings.SESSION_IDLE.total_seconds())

    def over(self, now: float) -> Over | None:
        """Return why the session is over, or None if it is still valid."""
        if self.ends is not None and now >= self.ends:
            return Over.LENT
        if now >= self.life_ends:
            return Over.LIFE
        return Over.IDLE if now >= self.idle_ends else None

    @property
    def seen_again_after(self) -> float:
        """The time after which another use is written, in seconds since the epoch."""
        every = settings.REMEMBERED_SEEN_EVERY if self.is_remembered else settings.SESSION_SEEN_EVERY
        return self.seen + float(every.total_seconds())

    @property
    def kept_until(self) -> datetime:
        """The time after which the row may be deleted.

        It is after the end, so that a returning user learns why it ended.
        """
        return moment(min(self.life_ends, self.idle_ends)) + settings.SESSION_KEPT_AFTER_END


def moment(seconds: float) -> datetime:
    """Return seconds since the epoch as an aware datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
