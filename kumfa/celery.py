"""The Celery application.

Payloads carry ids only. There is no result backend: what became of a message stands in its row.
"""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

from kumfa.logs import tasks as task_logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumfa.settings")

# The embedded default, mended; other brokers are untouched.
TRANSPORT_ALIASES["filesystem"] = "kumfa.broker:Transport"

app = Celery("kumfa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
task_logs.connect()
