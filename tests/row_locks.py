"""Races between transactions. They need PostgreSQL's row locks, and commits that other threads can see."""

import pytest
from django.db import connection


@pytest.fixture
def row_locks(transactional_db: None) -> None:
    """Skip the test if the database has no row locks."""
    if connection.vendor != "postgresql":
        pytest.skip("needs the row locks of PostgreSQL")
