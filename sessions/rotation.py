"""What the two session engines share."""

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
    """Makes `cycle_key` one UPDATE, done when the session is saved. Stands left of the engine it changes."""

    _retired_key: str | None = None

    def _validate_session_key(self, key: str | None) -> bool:
        """Whether it can be a key of ours; anything else is asked of no database and no cache."""
        return bool(key) and len(key or "") == _KEY_LENGTH and set(key or "") <= set(VALID_KEY_CHARS)

    def _get_new_session_key(self) -> str:
        return get_random_string(_KEY_LENGTH, VALID_KEY_CHARS)

    def cycle_key(self) -> None:
        """Give the session a new key; the old one dies when the session is saved."""
        if self.session_key is None:
            return
        self._session_cache = self._get_session()  # type: ignore[attr-defined]
        self._retired_key = self._retired_key or self.session_key
        self._session_key = self._get_new_session_key()
        self.modified = True

    def flush(self) -> None:
        """Forget the session and delete its row, also where its key was about to change."""
        if self._retired_key is not None:
            self._session_key, self._retired_key = self._retired_key, None
        super().flush()

    def save(self, must_create: bool = False) -> None:
        """Save; a rotated session moves its row to the new key.

        Raises `UpdateError` where another request has ended or rotated the session in the meantime.
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
        """Called when a new key has taken the place of another, for an engine that keeps sessions elsewhere too."""
