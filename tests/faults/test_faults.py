"""Whatever fails, no message is lost, none comes late, and each duplicate has an explanation."""

import os
from pathlib import Path

import pytest

from tests.faults.plan import SMALL
from tests.faults.report import table
from tests.faults.run import run

pytestmark = [pytest.mark.broker, pytest.mark.postgresql]


@pytest.fixture
def server() -> str:
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url.startswith("postgres"):
        pytest.skip("TEST_DATABASE_URL is not PostgreSQL")
    return url


@pytest.fixture
def broker() -> str:
    url = os.environ.get("TEST_AMQP_URL", "")
    if not url:
        pytest.skip("TEST_AMQP_URL is unset")
    return url


def test_whatever_breaks_no_message_is_lost_and_none_comes_late(server: str, broker: str, tmp_path: Path) -> None:
    outcome = run(SMALL, server, broker, tmp_path)
    assert not outcome.broken, table(outcome)
    assert outcome.statuses.total() == SMALL.messages
    assert outcome.statuses["delivered"] > SMALL.messages / 2, table(outcome)
    assert outcome.kills.total() >= 5
    assert outcome.troubles.total() == 10
