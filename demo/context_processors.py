"""What pages say of the demo."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from demo.history import filling
from demo.history.story import HistoryPlan


def history(request: HttpRequest) -> dict[str, Any]:
    """Return which day of the history is being written, asked only by pages that show it."""
    return {
        "demo_history_day": SimpleLazyObject(lambda: filling.progress(HistoryPlan()) or 0),
        "demo_history_days": HistoryPlan().days,
    }
