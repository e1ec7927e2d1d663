"""The project's settings with separate queues, and with two periods that a small run can shorten."""

from datetime import timedelta

from tests.broker.settings import *  # noqa: F403
from tests.broker.settings import CELERY_BEAT_SCHEDULE, env

SMS_STUCK_AFTER = timedelta(seconds=env.float("FAULTS_STUCK_AFTER"))
CELERY_BEAT_SCHEDULE["mfa_sms.sweep_messages"]["schedule"] = env.float("FAULTS_SWEEP_EVERY")
