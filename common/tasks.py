"""The tasks of this app, where Celery discovers them. Each task is defined beside the function that it runs."""

from common.retention import run_all, run_one

__all__ = [
    "run_all",
    "run_one",
]
