"""What accounts do outside the request. Tasks load and call; the rules stand in the modules they call."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from accounts import (
    retention,  # noqa: F401  its tasks
    sealing,
)
from accounts.overview import counting

_UNTIL_THE_NEXT_SWEEP = 60.0  # which publishes what is still unsent: the queue never holds one twice for long
_UNTIL_SWEPT_AGAIN = 300.0  # the same for reminders and imports


@shared_task
def send_password_reset(account_id: int | None) -> None:
    """Mail a link for a new password. Without an account there is nothing to do."""
    from accounts import password_reset

    password_reset.send_link(account_id)


@shared_task(expires=_UNTIL_THE_NEXT_SWEEP)
def send_notice(notice_id: int) -> None:
    """Mail one notice."""
    from accounts import mailing

    mailing.send(notice_id)


@shared_task
def sweep_notices() -> None:
    """Find notices that the queue has lost, or that the mail server did not take."""
    from accounts import mailing

    mailing.sweep()


@shared_task(expires=_UNTIL_SWEPT_AGAIN)
def send_reminder(reminder_id: int) -> None:
    """Mail the next part of a campaign's reminder."""
    from accounts.campaigns import mails

    mails.send(reminder_id)


@shared_task
def sweep_reminders() -> None:
    """Begin the reminders whose day has come, and go on with those that the queue has lost."""
    from accounts.campaigns import reminding

    reminding.sweep()


@shared_task
def tell_of_unfinished_sign_ins() -> None:
    """Tell owners of right passwords that nothing followed."""
    from accounts import unfinished

    unfinished.tell_owners()


@shared_task
def clear_sessions() -> None:
    """Delete sessions that are over, and sign-ins that were never finished."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task
def seal_events() -> None:
    """Seal the security events that have come since."""
    sealing.seal()


@shared_task(expires=_UNTIL_SWEPT_AGAIN)
def check_import(import_id: int) -> None:
    """Find out what an uploaded file of accounts would change."""
    from accounts.importing import uploads

    uploads.check(import_id)


@shared_task(expires=_UNTIL_SWEPT_AGAIN)
def apply_import(import_id: int) -> None:
    """Apply an uploaded file of accounts."""
    from accounts.importing import uploads

    uploads.apply(import_id)


@shared_task
def sweep_imports() -> None:
    """Find imports that a worker or the queue has lost."""
    from accounts.importing import uploads

    uploads.sweep()


@shared_task
def count_figures() -> None:
    """Count the last hours for the overview of the admin."""
    counting.run()
