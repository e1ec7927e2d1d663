"""Notices to owners by mail: sent once, tried again where the mail server takes nothing, deleted after a while.

A row of `Notice` is the outbox. Whoever mails claims it first, by one conditional UPDATE. What a worker was killed with
between the mail server's answer and the record of it is mailed again: twice is better than never.
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

from accounts.models import Account
from common import outbox
from common.batches import delete_in_batches
from notices import texts
from notices.models import Notice

logger = logging.getLogger(__name__)

_BATCH = 500  # notices that one sweep publishes
_UNTIL_NEXT_SWEEP = 60.0  # seconds; the sweep publishes an unsent notice again, so no copies pile up in the queue


class MailServer:
    """What this process knows of it: while it is gone, no thread waits for it, and receipts and SMS have them all."""

    def __init__(self) -> None:
        self._gone_until = float("-inf")

    @property
    def is_gone(self) -> bool:
        """Whether it could not be reached a moment ago, so that nobody should try."""
        return time.monotonic() < self._gone_until

    def take(self, mail: EmailMessage) -> None:
        """Hand over a mail. Raises what the server, or the way to it, raises."""
        with self._watched():
            mail.send()

    def connect(self) -> BaseEmailBackend:
        """Return an open connection, for many mails. Raises what the way to the server raises: it has no mail then."""
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
    """Mail one notice, if it is due and no other worker has it. A mail server that does not take it raises nothing."""
    if server.is_gone or not _claim(notice_id):
        return
    notice = Notice.objects.select_related("account", "event").get(pk=notice_id)
    addresses = _addresses(notice.account)
    if not addresses:
        Notice.objects.filter(pk=notice_id).update(tries=settings.NOTICE_TRIES)
        logger.warning("notice %s: its owner has no mail address", notice_id)
        return
    subject, body = texts.write_mail(notice)
    try:
        server.take(EmailMessage(subject, body, None, addresses, headers={"Auto-Submitted": "auto-generated"}))
    except Exception as error:
        # SECURITY: only the kind of the error, since its text may quote the address.
        logger.error("notice %s: not mailed (%s)", notice_id, type(error).__name__)
        return
    Notice.objects.filter(pk=notice_id).update(sent_at=timezone.now())


@shared_task(name="notices.sweep_notices")
def sweep_notices() -> int:
    """Publish what is due and was not mailed at once, oldest first; return how many notices that were."""
    now = timezone.now()
    waiting = Notice.objects.filter(
        _due(now),
        created_at__gt=now - settings.NOTICES_TRIED,
        created_at__lte=now - settings.NOTICE_SWEEP_AFTER,
    ).order_by("created_at")
    return outbox.publish_again(waiting, send_notice, _BATCH)


def purge_notices() -> int:
    """Delete what is older than `NOTICES_KEPT`, mailed or not, and return how many rows that were; events stay."""
    return delete_in_batches(
        Notice.objects.filter(created_at__lt=timezone.now() - settings.NOTICES_KEPT).order_by("pk")
    )


def _addresses(account: Account) -> list[str]:
    """Return every mail address that we know of the account's owner."""
    return [account.email] if account.email else []


def _claim(notice_id: int) -> bool:
    now = timezone.now()
    return outbox.claim(Notice.objects.filter(_due(now), pk=notice_id), tries=F("tries") + 1, tried_at=now)


def _due(now: datetime) -> Q:
    """Return the condition of what may be mailed now: never tried, or not since a pause that doubles with each try."""
    pauses = (settings.NOTICE_PAUSE * 2**number for number in range(settings.NOTICE_TRIES - 1))
    return Q(sent_at=None) & (Q(tries=0) | outbox.after_pause(now, "tried_at", pauses))
