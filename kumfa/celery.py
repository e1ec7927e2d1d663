"""The Celery application.

Payloads carry ids only. There is no result backend: what became of a message stands in its row.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumfa.settings")

app = Celery("kumfa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
