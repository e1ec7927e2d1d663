"""How far a worker has come with an import: in the cache, since its transaction shows nothing before its end."""

import logging

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

_KEPT = 600  # seconds
_STEPS = {"Reading": _("Reading the file"), "Writing": _("Writing the accounts")}


class Progress:
    """Notes the progress of one import; of a cache that is gone it makes nothing."""

    def __init__(self, import_id: int) -> None:
        self._key = _key(import_id)

    def __call__(self, step: str, done: int, total: int) -> None:
        """Note which step it is, how much of it is done, and of how much."""
        try:
            cache.set(self._key, [step, done, total], _KEPT)
        except Exception as error:
            logger.warning("import: its progress was not noted (%s)", type(error).__name__)


def seen(import_id: int) -> tuple[str, int] | None:
    """Return the step in words and its percentage; None where nothing is known."""
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
