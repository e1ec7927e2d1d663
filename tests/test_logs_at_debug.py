"""ASVS 16.2.5: even at DEBUG, the log of enrollment and sign-in contains no code, number or password."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.db import connection

from accounts.models import Account
from kumfa.tests.log_stream import Lines, written
from tests.fixtures import PASSWORD, Walk


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Yield the whole log at DEBUG, including each SQL statement."""
    connection.force_debug_cursor = True
    with ExitStack() as stack:
        lines = stack.enter_context(written())
        for logger in ("django", "django.db.backends", "celery"):
            stack.callback(logging.getLogger(logger).setLevel, logging.getLogger(logger).level)
            logging.getLogger(logger).setLevel(logging.DEBUG)
        yield lines
    connection.force_debug_cursor = False


def test_asvs_16_2_5_a_whole_sign_in_at_debug(walk: Walk, student: Account, lines: Lines) -> None:
    device = walk.enrolled(student)
    walk.done()
    walk.send(device)
    walk.code("123451")
    walk.code()
    walk.stay("yes")
    assert any("INSERT INTO" in line["text"] for line in lines.of("django.db.backends"))
    assert len(walk.outbox.codes) == 2
    for secret in (*walk.outbox.codes, "123451", PASSWORD, "26123478", "26 12 34 78"):
        found = [line for line in lines() if secret in str({**line, "task_id": "", "time": ""})]
        assert found == [], secret
