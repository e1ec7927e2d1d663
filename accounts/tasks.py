"""What accounts do outside the request. Tasks load and call; the rules stand in the modules they call."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task
def send_password_reset(account_id: int | None) -> None:
    """Mail a link for a new password. Without an account there is nothing to do."""
    from accounts import password_reset

    password_reset.send_link(account_id)


@shared_task
def clear_sessions() -> None:
    """Delete sessions that are over, and sign-ins that were never finished."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
