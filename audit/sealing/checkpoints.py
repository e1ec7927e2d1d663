"""The newest seal, stored outside the database.

SECURITY: an attacker with write access to the database could delete the last seals, change the rows in them, and let
the next run seal the result. The cache (Redis in production) is on another server, and the log is on a third.
"""

import logging

from django.core.cache import cache

from audit.models import EventSeal
from audit.sealing.hash_chain import Checkpoint

logger = logging.getLogger(__name__)

_KEY = "audit.sealing.head"


def remember(head: Checkpoint) -> None:
    """Store the newest seal in the cache. If the cache fails, only the log has it."""
    try:
        cache.set(_KEY, list(head), timeout=None)
    except Exception as error:
        logger.warning("the newest seal is in the log alone (%s)", type(error).__name__)


def remembered() -> Checkpoint | None:
    """Return the newest seal in the cache, or None if it has no seal or fails."""
    try:
        found = cache.get(_KEY)
    except Exception as error:
        logger.warning("the newest seal cannot be read (%s)", type(error).__name__)
        return None
    return Checkpoint(*found) if found else None


def accept() -> Checkpoint | None:
    """Accept the chain as it is: its last seal becomes the newest known seal. Use it after restoring a backup."""
    last = EventSeal.objects.order_by("-number").first()
    if last is None:
        cache.delete(_KEY)
        return None
    head = Checkpoint(last.number, last.digest)
    remember(head)
    logger.warning("The chain of security events was accepted as it is: %s", head)
    return head


def is_there(head: Checkpoint) -> bool:
    """Return whether the chain in the database still contains that seal."""
    return EventSeal.objects.filter(number=head.number, digest=head.digest).exists()
