"""The environment of a production whose services are all on this machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from redis import Redis

from kumfa.tests import test_production
from tests.broker.portal import Portal


@pytest.fixture
def production(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of the units. Their queues and keys in the cache are this test's own."""
    redis, amqp = os.environ.get("TEST_REDIS_URL", ""), os.environ.get("TEST_AMQP_URL", "")
    if connection.vendor != "postgresql" or not redis or not amqp:
        pytest.skip("TEST_DATABASE_URL, TEST_REDIS_URL or TEST_AMQP_URL is unset")
    portal = Portal(tmp_path, amqp)
    (tmp_path / "static").mkdir()
    given = connection.settings_dict
    user = f"{given['USER']}:{given['PASSWORD']}" if given["PASSWORD"] else given["USER"]
    yield test_production.environment(
        tmp_path,
        DJANGO_SETTINGS_MODULE="tests.broker.settings",
        TEST_QUEUE_PREFIX=portal.prefix,
        DATABASE_URL=f"postgres://{user}@{given['HOST']}:{given['PORT']}/{given['NAME']}",
        CACHE_URL=f"{redis}?key_prefix={portal.prefix}",
        CELERY_BROKER_URL=amqp,
        EMAIL_URL="smtp://127.0.0.1:1",
        PYTHONWARNINGS="ignore:You're running the worker",  # as root, unlike the units
    )
    portal.clear()
    with Redis.from_url(redis) as client:
        client.delete("none", *client.scan_iter(f"*{portal.prefix}*"))
