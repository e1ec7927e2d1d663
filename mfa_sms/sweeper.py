"""Sends due messages from within each worker, so that codes are sent without beat and without the broker.

Twice a second a thread looks for rows that are due: messages to be tried again, and messages whose task was lost. It
sends them with threads of its own. It also applies receipts whose task was lost.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from celery import signals
from django.conf import settings
from django.db import connections

from mfa_sms import breaker, delivery, receipts, sweep
from mfa_sms.own_network import own_network

logger = logging.getLogger(__name__)

EVERY = 0.5  # seconds
_RECEIPTS_EVERY = 4  # looks
_REVIEW_EVERY = 10


class Sweeper:
    """The thread of one worker. `look` does the work of one moment."""

    def __init__(self, threads: int) -> None:
        self._room = threading.Semaphore(threads)
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, "sweeper")
        self._stop = threading.Event()
        self._looks = 0

    def start(self) -> None:
        """Start the thread."""
        threading.Thread(target=self._run, name="sweeper", daemon=True).start()

    def stop(self) -> None:
        """Take no more messages. Those that are being sent are finished."""
        self._stop.set()
        self._pool.shutdown(wait=False)

    def look(self, send: Callable[[int], object]) -> int:
        """Take the messages that are due, as many as there are free threads, and send them. Return how many.

        While this worker cannot reach any gateway, it takes one message at most, as a trial.
        """
        free = 0
        limit = 1 if own_network.is_down else self._threads
        while free < limit and self._room.acquire(blocking=False):
            free += 1
        taken = 0
        try:
            for message in sweep.take_due(free) if free else ():
                taken += 1
                send(message.pk)
        finally:
            if free > taken:
                self._room.release(free - taken)
        self._looks += 1
        if self._looks % _RECEIPTS_EVERY == 0:
            receipts.sweep_receipts()
        if self._looks % _REVIEW_EVERY == 0:
            breaker.review()
        return taken

    def deliver(self, message_id: int) -> None:
        """Send one message and free its thread."""
        try:
            delivery.deliver(message_id)
        except Exception as error:
            logger.error("message %s: not sent (%s); the next sweep tries again", message_id, type(error).__name__)
        finally:
            connections.close_all()
            self._room.release()

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            try:
                self.look(lambda message_id: self._pool.submit(self.deliver, message_id))
            except Exception as error:
                # The database may be away. Beat and the broker may still work.
                logger.warning("the sweep failed (%s)", type(error).__name__)
            finally:
                connections.close_all()


_sweeper: Sweeper | None = None


def _start(**kwargs: Any) -> None:
    global _sweeper
    if _sweeper is None and settings.SMS_SWEEPER_THREADS:
        _sweeper = Sweeper(settings.SMS_SWEEPER_THREADS)
        _sweeper.start()


def _stop(**kwargs: Any) -> None:
    if _sweeper is not None:
        _sweeper.stop()


def connect() -> None:
    """Sweep in each worker, from its start until it is told to stop."""
    signals.worker_ready.connect(_start, weak=False)
    signals.worker_shutting_down.connect(_stop, weak=False)
