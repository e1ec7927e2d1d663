"""The tasks of this app, for Celery's discovery. Each is next to the function that it runs."""

from sign_in.password_reset import send_password_reset

__all__ = [
    "send_password_reset",
]
