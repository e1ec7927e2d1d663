"""The Celery tasks of this app, for autodiscovery. Each task is defined beside the function that it runs."""

from overview.counting import count_figures
from overview.totals import count_totals
from overview.trouble_mails import mail_troubles

__all__ = [
    "count_figures",
    "count_totals",
    "mail_troubles",
]
