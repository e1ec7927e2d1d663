"""The tasks of this app, for Celery's discovery. Each is next to the function that it runs."""

from sessions.expiry import delete_expired_sessions

__all__ = [
    "delete_expired_sessions",
]
