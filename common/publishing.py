"""Publishes tasks from threads of the web process, so that no request waits for the broker.

Use it only for tasks that a sweep backs up: if publishing fails, the row stays unchanged, and the sweep picks it up.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import connections

from common.references import in_this_log_context

logger = logging.getLogger(__name__)

BACKLOG = 200  # jobs that may wait for a thread
_BELIEVED_DOWN = 5.0  # seconds during which a broker that failed is skipped


class Publisher:
    """Publishes with `PUBLISHER_THREADS` threads, or synchronously if that is 0. Skips the broker while it is down."""

    def __init__(self, backlog: int = BACKLOG) -> None:
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(backlog)
        self._pool: ThreadPoolExecutor | None = None
        self._down_until = float("-inf")

    def publish_soon(self, task: Any, *args: Any, fallback: Callable[[], object] | None = None) -> None:
        """Publish a task. Return at once and never raise.

        If the broker does not accept the task, the same thread calls `fallback`.
        """
        threads = settings.PUBLISHER_THREADS
        name = f"{task.name} {args[0]}"
        if not threads:
            self._run(name, task, args, fallback)
            return
        if not self._room.acquire(blocking=False):
            logger.warning("%s: too many wait to be published; the sweep will publish it", name)
            return
        with self._lock:
            # Created at the first use, because threads do not survive the fork of a server's worker.
            self._pool = self._pool or ThreadPoolExecutor(threads, "publisher")
        try:
            self._pool.submit(in_this_log_context(self._run_in_thread), name, task, args, fallback)
        except RuntimeError:  # the process is ending, or cannot start a thread
            self._room.release()
            logger.warning("%s: not published; the sweep will publish it", name)

    def _run_in_thread(self, *job: Any) -> None:
        try:
            self._run(*job)
        finally:
            connections.close_all()
            self._room.release()

    def _run(self, name: str, task: Any, args: tuple[Any, ...], fallback: Callable[[], object] | None) -> None:
        if self._publish(name, task, args) or fallback is None:
            return
        try:
            fallback()
        except Exception as error:
            logger.error("%s: failed (%s); the sweep will publish it", name, type(error).__name__)

    def _publish(self, name: str, task: Any, args: tuple[Any, ...]) -> bool:
        """Return False if the broker failed, now or within the last `_BELIEVED_DOWN` seconds."""
        if time.monotonic() < self._down_until:
            return False
        try:
            task.delay(*args)
        except Exception as error:
            self._down_until = time.monotonic() + _BELIEVED_DOWN
            logger.warning("%s: the broker did not take it (%s)", name, type(error).__name__)
            return False
        return True


_publisher = Publisher()


def publish_soon(task: Any, *args: Any, fallback: Callable[[], object] | None = None) -> None:
    """Publish a task with the publisher of this process. Return at once and never raise."""
    _publisher.publish_soon(task, *args, fallback=fallback)
