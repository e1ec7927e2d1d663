"""What other services need done outside the request. Tasks load and call; the rules stand in the modules they call."""

from celery import shared_task

from sso.entra import attempts


@shared_task
def forget_attempts() -> None:
    """Delete what Entra asked long ago."""
    attempts.forget_old()
