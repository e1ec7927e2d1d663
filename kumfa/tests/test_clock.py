"""The schedule of beat."""

from typing import Any

import pytest
from celery import current_app

from kumfa import settings


@pytest.mark.parametrize("name", sorted(settings.CELERY_BEAT_SCHEDULE))
def test_the_clock_connects_again_after_the_broker_has_been_away(name: str) -> None:
    """Without retries beat keeps its dead connection, and publishes nothing until it is restarted."""
    entry: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE[name]
    assert entry["options"]["retry"] is True
    assert entry["options"]["retry_policy"]["max_retries"] > 0


@pytest.mark.parametrize("name", sorted(settings.CELERY_BEAT_SCHEDULE))
def test_the_clock_names_tasks_that_there_are(name: str) -> None:
    current_app.loader.import_default_modules()
    assert settings.CELERY_BEAT_SCHEDULE[name]["task"] in current_app.tasks
