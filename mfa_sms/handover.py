"""A committed message's id goes to the worker; the request does not wait for it.

A few threads of the web process publish. Where the broker takes nothing, the same threads send the message themselves:
slower, and lost with the process, but the row stays, and the sweep finds it. The claim on the row sees to it that
nothing is sent twice when the broker is back.
"""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

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

    def submit(self, message_id: int) -> None:
        if not self._room.acquire(blocking=False):
            logger.warning("message %s: too many wait to be handed over; the sweep will", message_id)
            return
        with self._lock:
            # Made at the first use, since threads do not survive the fork of a server's worker.
            self._pool = self._pool or ThreadPoolExecutor(settings.SMS_HAND_OVER_THREADS, "hand-over")
        self._pool.submit(self._run, message_id)

    def _run(self, message_id: int) -> None:
        try:
            self.now(message_id)
        except Exception as error:
            logger.error("message %s: not handed over (%s); the sweep will", message_id, type(error).__name__)
        finally:
            connections.close_all()
            self._room.release()

    def now(self, message_id: int) -> None:
        """Publish, or send from here."""
        if time.monotonic() >= self._down_until and self._publish(message_id):
            return
        from mfa_sms import delivery

        delivery.deliver(message_id)

    def _publish(self, message_id: int) -> bool:
        from mfa_sms.tasks import send_text_message

        try:
            send_text_message.delay(message_id)
        except Exception as error:
            self._down_until = time.monotonic() + _BELIEVE_DOWN
            logger.warning("message %s: the broker did not take it (%s)", message_id, type(error).__name__)
            return False
        return True


_hand_over = _HandOver()


def hand_over(message_id: int) -> None:
    """Have the message sent soon. Returns at once and never raises."""
    if settings.SMS_HAND_OVER_THREADS:
        _hand_over.submit(message_id)
    else:
        _hand_over.now(message_id)
