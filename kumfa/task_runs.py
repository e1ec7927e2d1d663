"""Records the last run of each scheduled task, so that an alert can tell that a clock or a worker is dead."""

import logging
import time
from datetime import timedelta
from typing import Any

from celery import Task, signals, states
from django.conf import settings

logger = logging.getLogger(__name__)


def connect() -> None:
    """Connect Celery's signals."""
    signals.task_prerun.connect(_begin, weak=False)
    signals.task_postrun.connect(_end, weak=False)


def _is_scheduled(task: "Task[Any, Any]") -> bool:
    return task.name in settings.CELERY_BEAT_SCHEDULE and not task.request.is_eager


def _begin(task: "Task[Any, Any]", **kwargs: Any) -> None:
    if _is_scheduled(task):
        task.request.update(begun=time.monotonic())


def _end(task: "Task[Any, Any]", state: str, **kwargs: Any) -> None:
    """Write the run. Only log errors, so that a failed write does not fail the task."""
    if not _is_scheduled(task):
        return
    # Models can be imported only once every app is loaded.
    from overview import task_runs

    seconds = time.monotonic() - (task.request.get("begun") or time.monotonic())
    try:
        task_runs.record(task.name, timedelta(seconds=seconds), succeeded=state == states.SUCCESS)
    except Exception:
        logger.warning("The run of %s is not recorded.", task.name, exc_info=True)
