"""What is done for services outside a request. Tasks load and call; the rules stand in the modules they call."""

from celery import shared_task

_UNTIL_THE_NEXT_SWEEP = 60.0  # which publishes what is still untold: the queue never holds one twice for long


@shared_task(expires=_UNTIL_THE_NEXT_SWEEP)
def tell_of_logout(notice_id: int) -> None:
    """Tell one service that a session is over."""
    from sso.oidc import telling

    telling.tell(notice_id)


@shared_task
def sweep_logouts() -> None:
    """Find services that were not told yet."""
    from sso.oidc import telling

    telling.sweep()
