"""Brokers for the portal."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broker.portal import Portal

BROKERS = {"redis": "TEST_REDIS_URL", "amqp": "TEST_AMQP_URL"}


@pytest.fixture(params=["filesystem", *BROKERS])
def portal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Portal]:
    """Yield a portal for each kind of broker. Skip a broker if its variable is unset."""
    url = "filesystem://localhost"
    if request.param in BROKERS:
        variable = BROKERS[request.param]
        url = os.environ.get(variable, "")
        if not url:
            pytest.skip(f"{variable} is unset")
    portal = Portal(tmp_path, url).migrated()
    portal.clear()
    yield portal
    portal.clear()
