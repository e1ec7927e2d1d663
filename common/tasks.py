"""The tasks of this app, where Celery discovers them. Each task is defined beside the function that it runs."""

from common.retention import run_retention, run_retention_step

__all__ = [
    "run_retention",
    "run_retention_step",
]
