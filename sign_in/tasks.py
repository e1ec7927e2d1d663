"""The Celery tasks of this app, for autodiscovery. Each is defined beside its function."""

from sign_in.password_reset import send_due_resets

__all__ = [
    "send_due_resets",
]
