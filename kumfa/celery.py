"""The Celery application.

Payloads contain only ids. There is no result backend: the row of a message has its delivery status.
"""

import os

from kombu.transport import TRANSPORT_ALIASES

from kumfa import readiness, task_runs
from kumfa.logs import tasks as task_logs
from kumfa.publishing import ConfirmingCelery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumfa.settings")

# Replaces the embedded default. Other brokers are not affected.
TRANSPORT_ALIASES["filesystem"] = "kumfa.broker:Transport"

app = ConfirmingCelery("kumfa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
task_logs.connect()
readiness.connect()
task_runs.connect()
