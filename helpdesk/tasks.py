"""The Celery tasks of this app, for autodiscovery. Each task is defined beside the function that it runs."""

from helpdesk.announcements import alert_waiting

__all__ = ["alert_waiting"]
