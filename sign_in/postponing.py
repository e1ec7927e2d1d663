"""What lets people put enrollment off. A higher app registers it; campaigns do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sign_in.enrollment import Offer
from sign_in.pending import PendingSignIn


@dataclass(frozen=True)
class PostponementOffer:
    """What the first enrollment page says about putting enrollment off.

    `text` explains why enrollment is needed. `deadline` is the last moment, and `url` takes the POST that postpones.
    `is_allowed` is False if it was postponed too often or for too long, `is_last` True if this would be the last time.
    """

    text: str
    deadline: datetime
    url: str
    is_allowed: bool
    is_last: bool


Finder = Callable[[PendingSignIn, Offer], PostponementOffer | None]

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Add a function that returns what applies to an account, or None."""
    _finders.append(finder)


def find_postponement(pending: PendingSignIn, offer: Offer) -> PostponementOffer | None:
    """Return what applies to the account that signs in: the answer of the first app that has one."""
    return next((found for finder in _finders if (found := finder(pending, offer)) is not None), None)
