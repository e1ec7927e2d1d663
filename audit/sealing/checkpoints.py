"""The newest seal, remembered outside the database.

SECURITY: whoever can write to the database could delete the last seals, change the rows that they held, and let the
next run seal the result. The cache, Redis in production, is another server, and the log is a third.
"""

import logging

from django.core.cache import cache

from audit.models import EventSeal
from audit.sealing.hash_chain import Checkpoint

logger = logging.getLogger(__name__)

_KEY = "audit.sealing.head"


def remember(head: Checkpoint) -> None:
    """Keep the newest seal; without the cache, the log alone knows it."""
    try:
        cache.set(_KEY, list(head), timeout=None)
    except Exception as error:
        logger.warning("the newest seal is in the log alone (%s)", type(error).__name__)


def remembered() -> Checkpoint | None:
    """Return the newest seal that was remembered; None where none was, or the cache does not answer."""
    try:
        found = cache.get(_KEY)
    except Exception as error:
        logger.warning("the newest seal cannot be read (%s)", type(error).__name__)
        return None
    return Checkpoint(*found) if found else None


def accept() -> Checkpoint | None:
    """Take the chain as it is: from now on its last seal is the newest. For after a restored backup."""
    last = EventSeal.objects.order_by("-number").first()
    if last is None:
        cache.delete(_KEY)
        return None
    head = Checkpoint(last.number, last.digest)
    remember(head)
    logger.warning("The chain of security events was accepted as it is: %s", head)
    return head


def is_there(head: Checkpoint) -> bool:
    """Whether the chain in the database still has that seal."""
    return EventSeal.objects.filter(number=head.number, digest=head.digest).exists()
