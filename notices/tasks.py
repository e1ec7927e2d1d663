"""The tasks of this app, where Celery discovers them. Each task is defined beside the function that it runs."""

from notices.abandoned_sign_ins import notify_abandoned_sign_ins
from notices.guessed_passwords import notify_guessed_passwords
from notices.mailing import send_notice, sweep_notices

__all__ = [
    "notify_abandoned_sign_ins",
    "notify_guessed_passwords",
    "send_notice",
    "sweep_notices",
]
