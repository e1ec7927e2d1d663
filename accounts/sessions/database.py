"""Sessions in the database alone."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts.sessions.rotation import RotateInPlace


class SessionStore(RotateInPlace, DatabaseStore):
    """Django's `db` engine, rotated in place."""
