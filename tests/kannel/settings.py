"""The project's settings, for a portal without a worker: what a request hands over is done before it answers."""

from kumfa.settings import *  # noqa: F403

CELERY_TASK_ALWAYS_EAGER = True
PUBLISHER_THREADS = 0
