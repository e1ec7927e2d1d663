"""The Celery tasks of this app, for autodiscovery. Each is defined beside its function."""

from sign_in.password_reset import send_password_reset

__all__ = [
    "send_password_reset",
]
