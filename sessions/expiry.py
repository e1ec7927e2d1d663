"""The scheduled task that deletes expired sessions."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task(name="sessions.delete_expired_sessions")
def delete_expired_sessions() -> None:
    """Delete expired sessions and sign-ins that were never finished."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
