"""The tasks of this app, for Celery's discovery. Each is next to the function that it runs."""

from overview.counting import count_figures

__all__ = [
    "count_figures",
]
