"""Two test runs in one PostgreSQL database would drop each other's tables: the second does not begin."""

import pytest
from django.db import connection

from tests import databases

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one database in memory for each run"),
]


def test_a_database_that_a_run_uses_is_refused_to_a_second() -> None:
    name = str(connection.settings_dict["NAME"])
    with pytest.raises(databases.InUse, match=name), databases.reserved(name):
        pass


def test_a_database_is_free_again_when_its_run_has_ended() -> None:
    for _run in range(2):
        with databases.reserved("test_nothing"):
            pass
