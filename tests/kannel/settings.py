"""The project's settings for a portal without a worker. Tasks run before the request is answered."""

from kumfa.settings import *  # noqa: F403

CELERY_TASK_ALWAYS_EAGER = True
PUBLISHER_THREADS = 0
