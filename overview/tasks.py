"""The Celery tasks of this app, for autodiscovery. Each task is defined beside the function that it runs."""

from overview.counting import count_figures

__all__ = [
    "count_figures",
]
