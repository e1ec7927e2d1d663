"""The session engine that stores sessions in the database and reads them from the cache."""

import logging
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.cached_db import KEY_PREFIX
from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache

from sessions.rotation import RotateInPlace
from sessions.rows import SessionTableMixin

logger = logging.getLogger(__name__)

# SECURITY: if a session ends while the cache is unreachable, its copy remains there. This lifetime in seconds limits
# how long the copy can be used once the cache is back.
COPY_LIFE = int(timedelta(minutes=1).total_seconds())

# SECURITY: a request that is running when its session ends may still write a copy to the cache. A mark hides that copy.
# It lives longer than any request and the copy that the request leaves.
MARK_LIFE = int(timedelta(minutes=10).total_seconds())
_ENDED = ".ended"


class _Forgiving:
    """A cache wrapper that ignores failures: reads then return nothing, and writes have no effect.

    A deleted key leaves a mark, so that a late write cannot bring its session back.
    """

    def __init__(self, cache: BaseCache) -> None:
        self._cache = cache

    def get(self, key: str) -> Any:
        found = self._try(self._cache.get_many, [key, key + _ENDED]) or {}
        return None if key + _ENDED in found else found.get(key)

    def set(self, key: str, value: Any, timeout: int) -> None:
        self._try(self._cache.set, key, value, min(timeout, COPY_LIFE))

    def add(self, key: str, value: Any) -> None:
        self._try(self._cache.add, key, value, COPY_LIFE)

    def forget(self, key: str) -> None:
        self._try(self._cache.delete, key)

    def delete(self, key: str) -> None:
        self.delete_many([key])

    def delete_many(self, keys: Collection[str]) -> None:
        self._try(self._cache.set_many, dict.fromkeys((key + _ENDED for key in keys), True), MARK_LIFE)
        self._try(self._cache.delete_many, keys)

    def __contains__(self, key: str) -> bool:
        return bool(self._try(self._cache.__contains__, key))

    def _try(self, call: Any, *args: Any) -> Any:
        try:
            return call(*args)
        except Exception as error:
            logger.warning("the cache did not answer (%s)", type(error).__name__)
            return None


def _cache() -> _Forgiving:
    return _Forgiving(caches[settings.SESSION_CACHE_ALIAS])


class SessionStore(RotateInPlace, SessionTableMixin, CachedStore):
    """Django's `cached_db` engine with our table and rotation in place. It works without its cache."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._cache = _cache()

    def load(self) -> dict[str, Any]:
        """Return the cached data, or read it from the database."""
        data: dict[str, Any] | None = self._cache.get(self.cache_key)
        if data is None:
            data = super().load()
            if self.session_key is not None:
                # `add` keeps a newer copy: another request may have saved the session since.
                self._cache.add(self.cache_key, data)
        return data

    def seen(self) -> bool:
        """Record the use in the database. Return False if another request has ended or moved the session.

        The cached copy is removed, because another request may have saved newer data.
        """
        kept = super().seen()
        self._cache.forget(self.cache_key)
        return kept

    @classmethod
    def end(cls, keys: Collection[str]) -> int:
        """End the sessions and delete their cached copies. Return the number of rows."""
        ended = super().end(keys)
        _cache().delete_many([KEY_PREFIX + key for key in keys])
        return ended

    def key_changed(self, retired_key: str) -> None:
        """Move the cached copy to the new key."""
        self._cache.delete(self.cache_key_prefix + retired_key)
        self._cache.set(self.cache_key, self._session, self.get_expiry_age())  # type: ignore[attr-defined]
