"""The project's settings with separate queues, so that portals on the same broker do not affect each other."""

from kumfa.settings import *  # noqa: F403
from kumfa.settings import CELERY_TASK_DEFAULT_QUEUE as DEFAULT_QUEUE
from kumfa.settings import CELERY_TASK_ROUTES as ROUTES
from kumfa.settings import env

PREFIX = env.str("TEST_QUEUE_PREFIX")
CELERY_TASK_DEFAULT_QUEUE = f"{PREFIX}{DEFAULT_QUEUE}"
CELERY_TASK_ROUTES = {task: {**route, "queue": f"{PREFIX}{route['queue']}"} for task, route in ROUTES.items()}
