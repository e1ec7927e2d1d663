"""The list that the modules of the catalogue fill."""

from datetime import timedelta
from typing import Any

from django.utils.functional import Promise

from limits.limit import Limit

HALF_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

LIMITS: dict[str, Limit] = {}
_ranks: dict[str, int] = {}


def limit(
    name: str, scope: str | Promise, setting: str, every: timedelta | str | None, reason: str, *more: Any, **rest: Any
) -> Limit:
    """Add a limit to the catalogue and return it. Raise `ValueError` if its name is taken."""
    if name in LIMITS:
        raise ValueError(f"Limit {name!r} is listed twice.")
    _ranks[name] = len(LIMITS)
    LIMITS[name] = Limit(name, scope, setting, every, reason, *more, **rest)
    return LIMITS[name]


def rank(listed: Limit) -> int:
    """Return the place of the limit in the catalogue. A limit that is not listed comes last."""
    return _ranks.get(listed.name, len(_ranks))
