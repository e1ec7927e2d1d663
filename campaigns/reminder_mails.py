"""Sends the emails of a reminder in batches: list the accounts, claim each email, send it, record the result.

A claim is committed before the worker contacts the mail server. No other worker sends a claimed email. An email that
the server certainly rejected waits for another try. If the result is unknown, the email stays claimed.
"""

import logging
import smtplib
import socket
from contextlib import suppress
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Account
from campaigns import audience
from campaigns.models import EnrollmentCampaign, Reminder, ReminderMail
from common import mails, outbox
from common.clock import day
from common.publishing import publish_soon
from common.root_urls import portal_url, root_path
from notices import mailing

logger = logging.getLogger(__name__)

_UNTIL_NEXT_SWEEP = 300.0  # seconds; the sweep publishes the rest of a reminder again
State = ReminderMail.State
_OPEN = (State.WAITING, State.CLAIMED)

# Errors that prove that the server did not accept the email.
_NOT_TAKEN = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    ConnectionRefusedError,
    socket.gaierror,
)


@shared_task(name="campaigns.send_reminder", expires=_UNTIL_NEXT_SWEEP)
def send_reminder(reminder_id: int) -> None:
    """Send the next `REMINDER_BATCH` emails of a reminder, and publish a task for the rest. Runs may overlap.

    Sends nothing while the campaign is paused. After the deadline, emails that still wait are marked as failed.
    """
    reminder = Reminder.objects.select_related("campaign").filter(pk=reminder_id, finished_at=None).first()
    if reminder is None or reminder.campaign.paused_at:
        return
    if timezone.now() >= reminder.campaign.deadline:
        _give_up(reminder)
        return
    more = _list(reminder)
    _mail(reminder)
    if _finish(reminder) or mailing.server.is_gone or not _goes_on(reminder):
        return
    if more or _due(reminder).exists():
        publish_soon(send_reminder, reminder.pk)


def _list(reminder: Reminder) -> bool:
    """Create rows for the next batch of accounts that have not enrolled. Return whether there may be more."""
    with transaction.atomic():
        # If two workers list at once, the second continues where the first one stopped.
        row = Reminder.objects.select_for_update(no_key=True).get(pk=reminder.pk)
        if row.listed_at:
            return False
        unlisted = audience.missing(reminder.campaign).filter(pk__gt=row.listed_to).order_by("pk")
        ids = list(unlisted.values_list("pk", flat=True)[: settings.REMINDER_BATCH])
        ReminderMail.objects.bulk_create(
            [ReminderMail(reminder=row, account_id=account_id) for account_id in ids], ignore_conflicts=True
        )
        row.listed_to = ids[-1] if ids else row.listed_to
        row.listed_at = timezone.now() if len(ids) < settings.REMINDER_BATCH else None
        row.save(update_fields=["listed_to", "listed_at"])
    return row.listed_at is None


def _due(reminder: Reminder) -> QuerySet[ReminderMail]:
    """Return the emails to send now: those never tried, and those whose pause after the last try is over."""
    pauses = [settings.REMINDER_PAUSE] * (settings.REMINDER_TRIES - 1)
    due = Q(tries=0) | outbox.after_pause(timezone.now(), "state_at", pauses)
    return ReminderMail.objects.filter(due, reminder=reminder, state=State.WAITING)


def _mail(reminder: Reminder) -> None:
    """Send the due emails over one connection. Reconnect after an error."""
    connection: BaseEmailBackend | None = None
    for mail_id in _due(reminder).order_by("pk").values_list("pk", flat=True)[: settings.REMINDER_BATCH]:
        connection = connection or _connect()
        if connection is None or not _goes_on(reminder):
            break
        if _claim(mail_id) and not _mail_one(reminder.campaign, mail_id, connection):
            _close(connection)
            connection = None
    if connection is not None:
        _close(connection)


def _connect() -> BaseEmailBackend | None:
    """Return an open connection, or None if the mail server is unreachable. Then the caller claims nothing."""
    if mailing.server.is_gone:
        return None
    try:
        return mailing.server.connect()
    except OSError as error:
        logger.error("reminders: no mail server (%s)", type(error).__name__)
        return None


def _close(connection: BaseEmailBackend) -> None:
    with suppress(OSError):
        connection.close()


def _goes_on(reminder: Reminder) -> bool:
    """Return whether the campaign is still open and not paused."""
    return EnrollmentCampaign.objects.filter(
        pk=reminder.campaign_id, paused_at=None, deadline__gt=timezone.now()
    ).exists()


def _claim(mail_id: int) -> bool:
    """Claim an email and commit. Return False if another worker claimed it first."""
    with transaction.atomic(durable=True):
        waiting = ReminderMail.objects.filter(pk=mail_id, state=State.WAITING)
        return outbox.claim(waiting, state=State.CLAIMED, state_at=timezone.now())


def _mail_one(campaign: EnrollmentCampaign, mail_id: int, connection: BaseEmailBackend) -> bool:
    """Send a claimed email and record the result. Return whether the connection is still usable."""
    mail = ReminderMail.objects.get(pk=mail_id)
    account = audience.missing(campaign).filter(pk=mail.account_id).first()
    if account is None or not account.email:
        _record(mail, State.FAILED if account else State.ENROLLED)
        return True
    try:
        mailing.server.take(_write(account, campaign, connection))
    except _NOT_TAKEN as error:
        # SECURITY: log only the type of the error, here and below. Its text can quote the address.
        logger.warning("reminder mail %s: not taken (%s)", mail_id, type(error).__name__)
        _record(mail, State.WAITING if mail.tries + 1 < settings.REMINDER_TRIES else State.FAILED, mail.tries + 1)
        return False
    except Exception as error:
        logger.error("reminder mail %s: not known whether it was mailed (%s)", mail_id, type(error).__name__)
        return False
    _record(mail, State.SENT)
    return True


def _record(mail: ReminderMail, state: ReminderMail.State, tries: int | None = None) -> None:
    """Record the result of an email that this worker claimed."""
    ReminderMail.objects.filter(pk=mail.pk, state=State.CLAIMED).update(
        state=state, state_at=timezone.now(), tries=mail.tries if tries is None else tries
    )


def _write(account: Account, campaign: EnrollmentCampaign, connection: BaseEmailBackend) -> EmailMessage:
    """Return the email, in the account's language."""
    with translation.override(account.language):
        deadline = day(campaign.last_moment)
        # Translators: the subject of a mail; %(day)s is "5 March 2025".
        subject = _("Set up two-factor login by %(day)s") % {"day": deadline}
        context = {
            "account": account,
            "text": campaign.text(account.language),
            "deadline": deadline,
            "link": portal_url("sign_in:account_name"),
            "help_page": root_path("sign_in:help"),
        }
        return mails.compose_mail(subject, "campaigns/reminder.txt", context, account.email, connection)


def unknown(now: datetime) -> Q:
    """Return the condition of claimed emails with an unknown result: the worker was killed or got no response."""
    return Q(state=State.CLAIMED, state_at__lte=now - settings.REMINDER_MAIL_TAKES)


def _finish(reminder: Reminder) -> bool:
    """Mark the reminder as finished if no email is open. Return whether this call did so."""
    now = timezone.now()
    open_mails = ReminderMail.objects.filter(reminder=OuterRef("pk"), state__in=_OPEN).exclude(unknown(now))
    done = Reminder.objects.filter(~Exists(open_mails), pk=reminder.pk, finished_at=None, listed_at__isnull=False)
    return bool(done.update(finished_at=now))


def _give_up(reminder: Reminder) -> None:
    """Finish a reminder after the deadline. Mark the emails that still wait as failed."""
    now = timezone.now()
    with transaction.atomic():
        waiting = ReminderMail.objects.filter(reminder=reminder, state=State.WAITING)
        waiting.update(state=State.FAILED, state_at=now)
        Reminder.objects.filter(pk=reminder.pk, finished_at=None).update(finished_at=now)
