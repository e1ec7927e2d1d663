"""Sessions in the database, read from the cache."""

import contextlib

from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore

from accounts.sessions.rotation import RotateInPlace


class SessionStore(RotateInPlace, CachedStore):
    """Django's `cached_db` engine, rotated in place."""

    def key_retired(self, session_key: str) -> None:
        """Take the dead key out of the cache.

        SECURITY: the row has moved, but a cached copy would keep the old key alive. Where the cache cannot be
        reached it cannot be read either.
        """
        with contextlib.suppress(Exception):
            self._cache.delete(self.cache_key_prefix + session_key)  # type: ignore[attr-defined]
