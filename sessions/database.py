"""Sessions in the database alone."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from sessions.rotation import RotateInPlace
from sessions.rows import InOurTable


class SessionStore(RotateInPlace, InOurTable, DatabaseStore):
    """Django's `db` engine, in our table, rotated in place."""
