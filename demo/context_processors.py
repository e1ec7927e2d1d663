"""Template variables for the progress of the demo's history."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from demo.history import filling
from demo.history.story import HistoryPlan


def history(request: HttpRequest) -> dict[str, Any]:
    """Return the day that is being written (0: none) and the number of days. Reads the day only if a page shows it."""
    return {
        "demo_history_day": SimpleLazyObject(lambda: filling.progress(HistoryPlan()) or 0),
        "demo_history_days": HistoryPlan().days,
    }
