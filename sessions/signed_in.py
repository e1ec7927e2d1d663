"""What a session knows of its sign-in, and when it is over."""

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
    """Why a session is over."""

    IDLE = "idle"
    LIFE = "life"
    LENT = "lent"


@dataclass(frozen=True)
class SignedIn:
    """One sign-in. `at` and `seen` are in seconds since the epoch.

    `id` is what pages call the session by: it tells nothing of the key, and stays when the key changes. `staff` is
    whether the account had access to the admin when it signed in, `is_remembered` whether the session outlives the
    browser. `ends` is when it is over at the latest, where what it stands on was lent for a while, in seconds since
    the epoch.
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
    def of(cls, holdings: SessionBase | dict[str, Any]) -> SignedIn | None:
        """Return the sign-in of the account that the session carries, None where it cannot be told."""
        state = holdings.get(KEY)
        try:
            signed_in = cls(**state) if state else None
        except TypeError:  # of a version with other fields
            return None
        return signed_in if signed_in and str(signed_in.account_id) == holdings.get(SESSION_KEY) else None

    @property
    def life_ends(self) -> float:
        """When the session is over, however much it is used. Counted from the sign-in, so that nothing extends it."""
        life = settings.SESSION_LIFE
        if self.staff:
            life = settings.STAFF_SESSION_LIFE
        elif self.is_remembered:
            life = timedelta(days=settings.REMEMBER_ME_DAYS)
        life_ends = self.at + float(life.total_seconds())
        return life_ends if self.ends is None else min(life_ends, self.ends)

    @property
    def idle_ends(self) -> float:
        """When the session is over if it is used no more."""
        if self.staff:
            return self.seen + float(settings.STAFF_SESSION_IDLE.total_seconds())
        return inf if self.is_remembered else self.seen + float(settings.SESSION_IDLE.total_seconds())

    def over(self, now: float) -> Over | None:
        """Return why the session is over, or None."""
        if self.ends is not None and now >= self.ends:
            return Over.LENT
        if now >= self.life_ends:
            return Over.LIFE
        return Over.IDLE if now >= self.idle_ends else None

    @property
    def seen_again_after(self) -> float:
        """From when on another use is worth a statement."""
        every = settings.REMEMBERED_SEEN_EVERY if self.is_remembered else settings.SESSION_SEEN_EVERY
        return self.seen + float(every.total_seconds())

    @property
    def kept_until(self) -> datetime:
        """When the row may go: a while after the end, so that whoever comes back is told why."""
        return moment(min(self.life_ends, self.idle_ends)) + settings.SESSION_KEPT_AFTER_END


def moment(seconds: float) -> datetime:
    """Return seconds since the epoch as the database takes them."""
    return datetime.fromtimestamp(seconds, UTC)
