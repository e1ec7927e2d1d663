"""Sends notices to owners by email, retries after failures of the mail server, and deletes old notices.

The rows of `Notice` are the outbox. A worker claims a row with one conditional UPDATE before it sends the email. If a
worker is killed after the server's answer and before the record of it, the email is sent again. A duplicate is better
than no email.
"""

import logging
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q
from django.utils import timezone

from common import outbox
from common.batches import delete_in_batches
from notices import texts
from notices.models import Notice

logger = logging.getLogger(__name__)

_BATCH = 500  # the maximum number of notices that one sweep publishes
_UNTIL_NEXT_SWEEP = 60.0  # seconds; the sweep publishes unsent notices again, so no copies pile up in the queue


class MailServer:
    """The state of the mail server as this process knows it.

    While the server is unreachable, this process skips it, so that receipts and SMS keep the worker threads.
    """

    def __init__(self) -> None:
        self._gone_until = float("-inf")

    @property
    def is_gone(self) -> bool:
        """Whether the server was unreachable within the last `NOTICE_SERVER_REST`. Callers must not use it then."""
        return time.monotonic() < self._gone_until

    def take(self, mail: EmailMessage) -> None:
        """Send an email. Raise the errors of the server and of the connection."""
        with self._watched():
            mail.send()

    def connect(self) -> BaseEmailBackend:
        """Return an open connection for many emails. Raise connection errors. No email was sent in that case."""
        connection = get_connection()
        with self._watched():
            connection.open()
        return connection

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException):
                self._gone_until = time.monotonic() + settings.NOTICE_SERVER_REST.total_seconds()
            raise


server = MailServer()


@shared_task(name="notices.send_notice", expires=_UNTIL_NEXT_SWEEP)
def send_notice(notice_id: int) -> None:
    """Email one notice if it is due and no other worker has claimed it. Log a failure to send, but do not raise it."""
    if server.is_gone or not _claim(notice_id):
        return
    notice = Notice.objects.select_related("account", "event").get(pk=notice_id)
    addresses = _addresses(notice)
    if not addresses:
        Notice.objects.filter(pk=notice_id).update(tries=settings.NOTICE_TRIES)
        logger.warning("notice %s: its owner has no mail address", notice_id)
        return
    try:
        # SECURITY: one email for each address, so that none of them reveals another.
        for address in addresses:
            server.take(texts.write_mail(notice, address))
    except Exception as error:
        # SECURITY: log only the type of the error, because its text may contain the address.
        logger.error("notice %s: not mailed (%s)", notice_id, type(error).__name__)
        return
    Notice.objects.filter(pk=notice_id).update(sent_at=timezone.now())


@shared_task(name="notices.sweep_notices")
def sweep_notices() -> int:
    """Publish the notices that are due and were not sent at once, oldest first. Return how many."""
    now = timezone.now()
    waiting = Notice.objects.filter(
        _due(now),
        created_at__gt=now - settings.NOTICES_TRIED,
        created_at__lte=now - settings.NOTICE_SWEEP_AFTER,
    ).order_by("created_at")
    return outbox.publish_again(waiting, send_notice, _BATCH)


def purge_notices() -> int:
    """Delete notices older than `NOTICES_KEPT`, sent or not. Return the number of rows. Their events are kept."""
    return delete_in_batches(
        Notice.objects.filter(created_at__lt=timezone.now() - settings.NOTICES_KEPT).order_by("pk")
    )


def _addresses(notice: Notice) -> list[str]:
    """Return every known email address of the owner."""
    return [address for address in dict.fromkeys((notice.account.email, notice.former_address)) if address]


def _claim(notice_id: int) -> bool:
    now = timezone.now()
    return outbox.claim(Notice.objects.filter(_due(now), pk=notice_id), tries=F("tries") + 1, tried_at=now)


def _due(now: datetime) -> Q:
    """Return a condition for notices that may be sent now: never tried, or past a pause that doubles with each try."""
    pauses = (settings.NOTICE_PAUSE * 2**number for number in range(settings.NOTICE_TRIES - 1))
    return Q(sent_at=None) & (Q(tries=0) | outbox.after_pause(now, "tried_at", pauses))
