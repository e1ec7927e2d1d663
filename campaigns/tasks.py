"""The Celery tasks of this app, for autodiscovery. Each task is defined beside the function that it runs."""

from campaigns.reminder_mails import send_reminder
from campaigns.reminders import sweep_reminders

__all__ = [
    "send_reminder",
    "sweep_reminders",
]
