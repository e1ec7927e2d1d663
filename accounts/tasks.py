"""What accounts do outside the request. Tasks load and call; the rules stand in the modules they call."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from accounts import retention, sealing
from accounts.overview import counting

_UNTIL_THE_NEXT_SWEEP = 60.0  # which publishes what is still unsent: the queue never holds one twice for long


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


@shared_task
def forget_notices() -> None:
    """Delete notices that are older than their retention."""
    from accounts import mailing

    mailing.forget_old()


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


@shared_task
def forget_old() -> None:
    """Take out of old security events from where they came."""
    retention.run()


@shared_task
def count_figures() -> None:
    """Count the last hours for the overview of the admin."""
    counting.run()


@shared_task
def forget_figures() -> None:
    """Delete hours of the overview that are older than their retention."""
    counting.forget_old()
