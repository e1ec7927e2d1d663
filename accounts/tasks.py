"""What accounts do outside the request. Tasks load and call; the rules stand in the modules they call."""

from celery import shared_task
from django.core.management import call_command

from accounts import retention, sealing


@shared_task
def send_password_reset(account_id: int | None) -> None:
    """Mail a link for a new password. Without an account there is nothing to do."""
    from accounts import password_reset

    password_reset.send_link(account_id)


@shared_task
def clear_sessions() -> None:
    """Delete sessions that are over."""
    call_command("clearsessions")


@shared_task
def seal_events() -> None:
    """Seal the security events that have come since."""
    sealing.seal()


@shared_task
def forget_old() -> None:
    """Take out of old security events from where they came."""
    retention.run()
