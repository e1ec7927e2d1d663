"""The tasks of this app, for Celery's discovery. Each is next to the function that it runs."""

from audit.sealing.sealer import seal

__all__ = [
    "seal",
]
