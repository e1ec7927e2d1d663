"""Races between transactions: they need the row locks of PostgreSQL, and commits that other threads can see."""

import pytest
from django.db import connection


@pytest.fixture
def row_locks(transactional_db: None) -> None:
    """Skip the test where the database has no row locks."""
    if connection.vendor != "postgresql":
        pytest.skip("needs the row locks of PostgreSQL")
