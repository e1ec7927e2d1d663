"""The registry of reasons for which users may postpone enrollment. Campaigns register here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sign_in.enrollment import Offer
from sign_in.pending import PendingSignIn


@dataclass(frozen=True)
class PostponementOffer:
    """The terms for postponing, for the first enrollment page.

    `text` explains why enrollment is needed. `deadline` is the last moment, and `url` takes the POST that postpones.
    `is_allowed` is False if enrollment was postponed too often or for too long. `left` is how often it can still be
    postponed.
    """

    text: str
    deadline: datetime
    url: str
    is_allowed: bool
    left: int

    @property
    def is_last(self) -> bool:
        """Return whether this would be the last time."""
        return self.left == 1


Finder = Callable[[PendingSignIn, Offer], PostponementOffer | None]

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Add a function that returns the postponement for an account, or None."""
    _finders.append(finder)


def find_postponement(pending: PendingSignIn, offer: Offer) -> PostponementOffer | None:
    """Return the postponement for the account that signs in, from the first registered function that has one."""
    return next((found for finder in _finders if (found := finder(pending, offer)) is not None), None)
