"""A committed message's id goes to the worker; the request does not wait for it.

A few threads of the web process publish. Where the broker takes nothing, the same threads send the message themselves:
slower, and lost with the process, but the row stays, and the sweep finds it. The claim on the row sees to it that
nothing is sent twice when the broker is back.
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

logger = logging.getLogger(__name__)

BACKLOG = 200  # messages that may wait for a thread; the sweep takes care of the rest
_BELIEVE_DOWN = 5.0  # seconds for which a broker that took nothing is not asked again


class _HandOver:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(BACKLOG)
        self._pool: ThreadPoolExecutor | None = None
        self._down_until = float("-inf")

    def submit(self, what: str, job: Callable[[], object]) -> None:
        if not settings.SMS_HAND_OVER_THREADS:
            self._run(what, job)
            return
        if not self._room.acquire(blocking=False):
            logger.warning("%s: too many wait to be handed over; the sweep will", what)
            return
        with self._lock:
            # Made at the first use, since threads do not survive the fork of a server's worker.
            self._pool = self._pool or ThreadPoolExecutor(settings.SMS_HAND_OVER_THREADS, "hand-over")
        try:
            self._pool.submit(self._run_in_thread, what, job)
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


_hand_over = _HandOver()


def hand_over(message_id: int) -> None:
    """Have the message sent soon. Returns at once and never raises."""
    _hand_over.submit(f"message {message_id}", partial(_publish_or_send, message_id))


def publish_soon(task: Any, *args: Any) -> None:
    """Give a task to the broker that the sweep makes up for if it is lost. Returns at once and never raises."""
    _hand_over.submit(task.name, partial(_hand_over.publish, task.name, partial(task.delay, *args)))


def _publish_or_send(message_id: int) -> None:
    from mfa_sms import delivery
    from mfa_sms.tasks import send_text_message

    if not _hand_over.publish(f"message {message_id}", partial(send_text_message.delay, message_id)):
        delivery.deliver(message_id)
