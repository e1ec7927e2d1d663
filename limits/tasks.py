"""The tasks of this app, where Celery discovers them. Each task is defined beside the function that it runs."""

from limits.alarms import mail_alarm, sweep_alarms

__all__ = [
    "mail_alarm",
    "sweep_alarms",
]
