"""The rotation of session keys, shared by both session engines."""

from typing import TYPE_CHECKING

from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.crypto import get_random_string

_KEY_LENGTH = 32

if TYPE_CHECKING:
    _Base = DatabaseStore
else:
    _Base = object


class RotateInPlace(_Base):
    """Makes `cycle_key` a single UPDATE when the session is saved. Must precede the engine in the MRO."""

    _retired_key: str | None = None

    def _validate_session_key(self, key: str | None) -> bool:
        """Return whether the key has our format. Other keys reach neither the database nor the cache."""
        return bool(key) and len(key or "") == _KEY_LENGTH and set(key or "") <= set(VALID_KEY_CHARS)

    def _get_new_session_key(self) -> str:
        return get_random_string(_KEY_LENGTH, VALID_KEY_CHARS)

    def cycle_key(self) -> None:
        """Give the session a new key. The old key is valid until the session is saved."""
        if self.session_key is None:
            return
        self._session_cache = self._get_session()  # type: ignore[attr-defined]
        self._retired_key = self._retired_key or self.session_key
        self._session_key = self._get_new_session_key()
        self.modified = True

    def flush(self) -> None:
        """Delete the session's data and its row, even if its key was about to change."""
        if self._retired_key is not None:
            self._session_key, self._retired_key = self._retired_key, None
        super().flush()

    def save(self, must_create: bool = False) -> None:
        """Save the session. If its key was rotated, move its row to the new key.

        Raise `UpdateError` if another request has ended or rotated the session.
        """
        if self._retired_key is None:
            super().save(must_create)
            return
        row = self.create_model_instance(self._get_session())  # type: ignore[attr-defined]
        columns = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}
        moved = self.model.objects.filter(session_key=self._retired_key).update(**columns)
        if not moved:
            raise UpdateError
        retired, self._retired_key = self._retired_key, None
        self.key_changed(retired)

    def key_changed(self, retired_key: str) -> None:
        """Do nothing. An engine that also stores sessions elsewhere overrides this to move them to the new key."""
