"""The tasks of this app, where Celery discovers them. Each task is defined beside the function that it runs."""

from sessions.expiry import delete_expired_sessions

__all__ = [
    "delete_expired_sessions",
]
