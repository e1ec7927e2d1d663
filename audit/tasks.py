"""The tasks of this app, where Celery discovers them. Each task is defined beside the function that it runs."""

from audit.sealing.sealer import seal

__all__ = [
    "seal",
]
