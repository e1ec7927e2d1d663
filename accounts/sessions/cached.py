"""Sessions in the database, read from the cache."""

import contextlib

from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore

from accounts.sessions.rotation import RotateInPlace


class SessionStore(RotateInPlace, CachedStore):
    """Django's `cached_db` engine, rotated in place."""

    def key_changed(self, retired_key: str) -> None:
        """Move the cached copy to the new key.

        SECURITY: the row has moved, but a cached copy would keep the old key alive. Where the cache cannot be reached
        it cannot be read either.
        """
        with contextlib.suppress(Exception):
            self._cache.delete(self.cache_key_prefix + retired_key)  # type: ignore[attr-defined]
            self._cache.set(self.cache_key, self._session, self.get_expiry_age())  # type: ignore[attr-defined]
