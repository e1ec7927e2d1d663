"""The tasks of this app, where Celery discovers them. Each task is defined beside the function that it runs."""

from notices.abandoned_sign_ins import notify_abandoned_sign_ins
from notices.mailing import send_notice, sweep_notices

__all__ = [
    "notify_abandoned_sign_ins",
    "send_notice",
    "sweep_notices",
]
