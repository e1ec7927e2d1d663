"""The progress of an import, kept in the cache because its transaction is invisible until the commit."""

import logging

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

_KEPT = 600  # seconds
_STEPS = {"Reading": _("Reading the file"), "Writing": _("Writing the accounts")}


class Progress:
    """Stores the progress of one import. Cache failures are logged and ignored."""

    def __init__(self, import_id: int) -> None:
        self._key = _key(import_id)

    def __call__(self, step: str, done: int, total: int) -> None:
        """Store the current step, how much of it is done, and its total."""
        try:
            cache.set(self._key, [step, done, total], _KEPT)
        except Exception as error:
            logger.warning("import: its progress was not noted (%s)", type(error).__name__)


def seen(import_id: int) -> tuple[str, int] | None:
    """Return the step in words and its percentage, or None if no progress is known."""
    try:
        found = cache.get(_key(import_id))
    except Exception:
        return None
    if not found:
        return None
    step, done, total = found
    return str(_STEPS.get(step, step)), 100 * done // total if total else 0


def _key(import_id: int) -> str:
    return f"import-progress:{import_id}"
