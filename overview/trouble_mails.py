"""Mails operators what fails now: each trouble when it begins, and again every hour while it lasts."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.utils import translation

from common import mails
from common.clock import day_and_clock
from overview import registry
from overview.registry import Trouble

logger = logging.getLogger(__name__)

_AGAIN = timedelta(hours=1)
_UNTIL_NEXT_RUN = 60.0  # seconds


@shared_task(name="overview.mail_troubles", expires=_UNTIL_NEXT_RUN)
def mail_troubles() -> int:
    """Mail the troubles that operators were not told of within an hour, in one mail. Return their number.

    Concurrent runs are safe: one worker claims each trouble. If the mail fails, the next run tries again.
    """
    if not settings.OPERATOR_EMAILS:
        return 0
    with translation.override("en"):
        new = [trouble for trouble in registry.troubles() if trouble.name and _claim(trouble)]
        lines = [_line(trouble) for trouble in new]
    if not new:
        return 0
    subject = f"KU login: {', '.join(trouble.name for trouble in new)}"
    text = "\n\n".join([*lines, f"{settings.PORTAL_URL}/admin/"])
    try:
        EmailMessage(subject, f"{text}\n", None, settings.OPERATOR_EMAILS, headers=dict(mails.HEADERS)).send()
    except Exception as error:
        logger.error("troubles: not mailed (%s)", type(error).__name__)
        cache.delete_many([_key(trouble) for trouble in new])
        return 0
    return len(new)


def _line(trouble: Trouble) -> str:
    return f"{trouble.said} ({day_and_clock(trouble.since)})" if trouble.since else trouble.said


def _claim(trouble: Trouble) -> bool:
    return bool(cache.add(_key(trouble), 1, int(_AGAIN.total_seconds())))


def _key(trouble: Trouble) -> str:
    return f"overview.trouble_mails:{trouble.name}".replace(" ", "_")
