"""Tasks go to the broker by threads of the web process; a request waits for none of it.

For what a sweep makes up for: where the broker takes nothing, or where too much waits, the row stays as it is, and the
sweep finds it.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connections

from accounts.references import in_this_log_context

logger = logging.getLogger(__name__)

BACKLOG = 200  # jobs that may wait for a thread
_BELIEVE_DOWN = 5.0  # seconds for which a broker that took nothing is not asked again


class Publisher:
    """A few threads, as many as the setting says; none: jobs run at once. Remembers that the broker is down."""

    def __init__(self, threads: str, backlog: int = BACKLOG) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(backlog)
        self._pool: ThreadPoolExecutor | None = None
        self._down_until = float("-inf")

    def submit(self, what: str, job: Callable[[], object]) -> None:
        """Have a job done soon. Returns at once and never raises; `what` names the job in the log."""
        threads = getattr(settings, self._threads)
        if not threads:
            self._run(what, job)
            return
        if not self._room.acquire(blocking=False):
            logger.warning("%s: too many wait to be handed over; the sweep will", what)
            return
        with self._lock:
            # Made at the first use, since threads do not survive the fork of a server's worker.
            self._pool = self._pool or ThreadPoolExecutor(threads, "hand-over")
        try:
            self._pool.submit(in_this_log_context(self._run_in_thread), what, job)
        except RuntimeError:  # the process ends, or can start no thread
            self._room.release()
            logger.warning("%s: not handed over; the sweep will", what)

    def _run_in_thread(self, what: str, job: Callable[[], object]) -> None:
        try:
            self._run(what, job)
        finally:
            connections.close_all()
            self._room.release()

    def _run(self, what: str, job: Callable[[], object]) -> None:
        try:
            job()
        except Exception as error:
            logger.error("%s: not handed over (%s); the sweep will", what, type(error).__name__)

    def publish(self, what: str, publish: Callable[[], object]) -> bool:
        """Give a task to the broker; False where it took none, now or a moment ago."""
        if time.monotonic() < self._down_until:
            return False
        try:
            publish()
        except Exception as error:
            self._down_until = time.monotonic() + _BELIEVE_DOWN
            logger.warning("%s: the broker did not take it (%s)", what, type(error).__name__)
            return False
        return True

    def publish_soon(self, task: Any, *args: Any) -> None:
        """Give a task to the broker that a sweep makes up for if it is lost. Returns at once and never raises."""
        self.submit(task.name, partial(self.publish, task.name, partial(task.delay, *args)))


_publisher = Publisher("NOTICE_HAND_OVER_THREADS")


def publish_soon(task: Any, *args: Any) -> None:
    """Give a task of this app to the broker that a sweep makes up for if it is lost. Never raises."""
    _publisher.publish_soon(task, *args)
