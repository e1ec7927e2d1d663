"""Logging of tasks: each carries the reference of the request that started it, and uses the portal's settings.

A header of the task's message carries the reference to the worker. A scheduled task gets a reference of its own. A task
that a sweep publishes carries the reference of the sweep.
"""

from typing import Any

from celery import Task, signals
from django.conf import settings
from django.utils.log import configure_logging
from structlog.contextvars import bind_contextvars, reset_contextvars

from common.references import current_reference, is_reference, new_reference

HEADER = "reference"


def connect() -> None:
    """Connect Celery's signals."""
    signals.setup_logging.connect(use_portal_logging, weak=False)
    signals.before_task_publish.connect(send_reference, weak=False)
    signals.task_prerun.connect(enter_task, weak=False)
    signals.task_postrun.connect(leave_task, weak=False)


def use_portal_logging(**kwargs: Any) -> None:
    """Configure logging as the web processes do.

    Without this, workers and beat set the root logger to WARNING, and seals are never logged. With it, `--loglevel` has
    no effect: `LOG_LEVEL` sets the level of all processes.
    """
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


def send_reference(headers: dict[str, Any], **kwargs: Any) -> None:
    """Put the reference of the current request or task into the headers of the message."""
    reference = current_reference()
    if reference:
        headers[HEADER] = reference


def enter_task(task: Task[Any, Any], task_id: str, **kwargs: Any) -> None:
    """Bind the task and its reference to the log context.

    SECURITY: the header is no more trusted than the broker. A value that does not have the form of a reference is
    dropped.
    """
    sent = task.request.get(HEADER)
    reference = sent if is_reference(sent) else current_reference() if task.request.is_eager else ""
    tokens = bind_contextvars(reference=reference or new_reference(), task=task.name, task_id=task_id)
    task.request.update(log_context=tokens)


def leave_task(task: Task[Any, Any], **kwargs: Any) -> None:
    """Restore the log context from before the task. Worker threads are reused."""
    reset_contextvars(**task.request.get("log_context"))
