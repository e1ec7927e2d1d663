"""The session engine that uses only the database."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from sessions.rotation import RotateInPlace
from sessions.rows import SessionTableMixin


class SessionStore(RotateInPlace, SessionTableMixin, DatabaseStore):
    """Django's `db` engine with our table and rotation in place."""
