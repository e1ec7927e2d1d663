"""Alarms of limits on a total: one event, one mail to operators, and one line on the overview for each.

The count that crosses 80 % or 100 % of a limit raises the alarm. Exactly one count does so in each window.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common import mails, outbox
from common.clock import clock, day_and_clock
from common.publishing import publish_soon
from limits import catalogue, events
from limits.limit import EVERYBODY, Use
from limits.models import LimitAlarm

logger = logging.getLogger(__name__)

WARN_AT = 0.8
_PAUSE = timedelta(minutes=2)  # between two tries to mail; longer than a mail server takes
_STALE = timedelta(days=1)  # a mail about yesterday's alarm helps no one
_BATCH = 100
_UNTIL_NEXT_SWEEP = 60.0  # seconds

Level = LimitAlarm.Level


def notice_crossings(counts: Iterable[tuple[Use, int]], amount: int) -> None:
    """Raise an alarm for each limit that the count of `amount` has just brought to 80 % or to 100 %.

    `counts` are the uses with the new counts in their windows.
    """
    for use, count in counts:
        number = use.limit.number
        if count - amount < number <= count:
            raise_alarm(use, Level.REACHED)
        elif count - amount < WARN_AT * number <= count:
            raise_alarm(use, Level.WARNING)


def raise_alarm(use: Use, level: Level, *, event: bool = True) -> None:
    """Record the alarm and its event, and tell operators once the transaction is committed.

    Pass `event=False` if the caller writes an event of its own.
    """
    now = timezone.now()
    label = use.label or use.party
    with transaction.atomic():
        alarm = LimitAlarm.objects.create(
            limit=use.limit.name,
            label=label,
            level=level,
            number=use.limit.number,
            at=now,
            until=now + use.limit.window,
            mail_after=now,
        )
        if event:
            events.limit_alarm(use.limit, level, label)
        transaction.on_commit(lambda: publish_soon(mail_alarm, alarm.pk))


def current() -> list[LimitAlarm]:
    """Return the alarms whose limits may still be used up, the worst and newest first."""
    return list(LimitAlarm.objects.filter(until__gt=timezone.now()).order_by("level", "-at")[:_BATCH])


def describe(alarm: LimitAlarm) -> str:
    """Return one sentence about the alarm, in the active language."""
    limit = catalogue.LIMITS.get(alarm.limit)
    name = str(limit.scope) if limit else alarm.limit
    if alarm.label != EVERYBODY:
        name = f"{name} ({alarm.label})"
    words = {"limit": name, "number": alarm.number, "time": clock(alarm.at)}
    if alarm.level == Level.REACHED:
        # Translators: %(limit)s is a limit and whose it is, for example "codes to new numbers, per country (LV)".
        return _("Used up at %(time)s: %(limit)s, %(number)s in the window.") % words
    # Translators: %(limit)s is a limit and whose it is, for example "codes to new numbers, per country (LV)".
    return _("Nearly used up at %(time)s: %(limit)s, %(number)s in the window.") % words


@shared_task(name="limits.mail_alarm", expires=_UNTIL_NEXT_SWEEP)
def mail_alarm(alarm_id: int) -> None:
    """Mail one alarm to operators, unless another worker has claimed it. Log a failure; the sweep tries again."""
    now = timezone.now()
    rows = LimitAlarm.objects.filter(pk=alarm_id, mailed_at=None, mail_after__lte=now)
    if not settings.OPERATOR_EMAILS or not outbox.claim(rows, mail_after=now + _PAUSE):
        return
    alarm = LimitAlarm.objects.get(pk=alarm_id)
    with translation.override("en"):
        subject = f"KU login: {alarm.get_level_display()}: {alarm.limit}"
        lines = [describe(alarm), f"{day_and_clock(alarm.at)}.", f"{settings.PORTAL_URL}/admin/"]
    try:
        body = "\n\n".join(lines) + "\n"
        EmailMessage(subject, body, None, settings.OPERATOR_EMAILS, headers=dict(mails.HEADERS)).send()
    except Exception as error:
        logger.error("alarm %s: not mailed (%s)", alarm_id, type(error).__name__)
        return
    LimitAlarm.objects.filter(pk=alarm_id).update(mailed_at=timezone.now())


@shared_task(name="limits.sweep_alarms")
def sweep_alarms() -> int:
    """Publish the alarms that are not mailed yet, oldest first. Return how many."""
    now = timezone.now()
    waiting = LimitAlarm.objects.filter(mailed_at=None, mail_after__lte=now, at__gt=now - _STALE).order_by("at")
    return outbox.publish_again(waiting, mail_alarm, _BATCH) if settings.OPERATOR_EMAILS else 0
