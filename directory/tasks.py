"""The Celery tasks of this app, for autodiscovery. Each task is defined beside the function that it runs."""

from directory.sync import sync_directory

__all__ = ["sync_directory"]
