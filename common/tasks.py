"""The tasks of this app, for Celery's discovery. Each is next to the function that it runs."""

from common.retention import run_retention, run_retention_step

__all__ = [
    "run_retention",
    "run_retention_step",
]
