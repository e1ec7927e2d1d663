"""The scheduler of celery beat. Its file records when each task ran last; a damaged file does not stop it."""

import logging

from celery.beat import PersistentScheduler

logger = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    """Celery's scheduler, which starts afresh if its file cannot be read.

    A power cut can leave the file empty or full of zeros. Celery's own scheduler stops then, again after each restart.
    """

    def setup_schedule(self) -> None:
        """Read the file. If that fails for any reason, remove it: every task then runs after its usual interval."""
        try:
            super().setup_schedule()
        except Exception as error:
            logger.warning("The schedule file is damaged (%s). It is made again.", type(error).__name__)
            self._remove_db()  # type: ignore[attr-defined]
            super().setup_schedule()
