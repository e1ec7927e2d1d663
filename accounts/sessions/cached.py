"""Sessions in the database, read from the cache."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache

from accounts.sessions.rotation import RotateInPlace

logger = logging.getLogger(__name__)

# SECURITY: a session that ends while the cache cannot be reached leaves its copy there. The copy lives no longer than
# this, also when the cache comes back.
COPY_LIFE = int(timedelta(minutes=1).total_seconds())


class _Forgiving:
    """A cache whose absence is no fault: nothing is found in it, and nothing kept."""

    def __init__(self, cache: BaseCache) -> None:
        self._cache = cache

    def get(self, key: str) -> Any:
        return self._try(self._cache.get, key)

    def set(self, key: str, value: Any, timeout: int) -> None:
        self._try(self._cache.set, key, value, min(timeout, COPY_LIFE))

    def delete(self, key: str) -> None:
        self._try(self._cache.delete, key)

    def __contains__(self, key: str) -> bool:
        return bool(self._try(self._cache.__contains__, key))

    def _try(self, call: Any, *args: Any) -> Any:
        try:
            return call(*args)
        except Exception as error:
            logger.warning("the cache did not answer (%s)", type(error).__name__)
            return None


class SessionStore(RotateInPlace, CachedStore):
    """Django's `cached_db` engine, rotated in place, and good without its cache."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._cache = _Forgiving(caches[settings.SESSION_CACHE_ALIAS])

    def key_changed(self, retired_key: str) -> None:
        """Move the cached copy to the new key."""
        self._cache.delete(self.cache_key_prefix + retired_key)
        self._cache.set(self.cache_key, self._session, self.get_expiry_age())  # type: ignore[attr-defined]
