"""The tasks of this app, for Celery's discovery. Each is next to the function that it runs."""

from common.retention import run_all, run_one

__all__ = [
    "run_all",
    "run_one",
]
