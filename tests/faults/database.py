"""A new database on the given server, and queries to it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.rows import dict_row


@dataclass(frozen=True)
class Database:
    """A database. `url` has the format of django-environ."""

    url: str

    def rows(self, query: "sql.SQL | str", *parameters: object) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        statement = sql.SQL(query) if isinstance(query, str) else query
        with psycopg.connect(_libpq(self.url), row_factory=dict_row, autocommit=True) as connection:
            return connection.execute(statement, parameters).fetchall()

    def count(self, query: str) -> int:
        """Return the only number of a query."""
        (row,) = self.rows(query)
        return int(next(iter(row.values())))


@contextmanager
def fresh(server: str) -> Iterator[Database]:
    """Create an empty database on the server of this URL. Drop it at the end, even if clients are still connected."""
    name = f"kumfa_faults_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(_libpq(server), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield Database(f"{server.partition('?')[0].rpartition('/')[0]}/{name}")
    finally:
        with psycopg.connect(_libpq(server), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _libpq(url: str) -> str:
    """Return the URL in the format of libpq. django-environ expects the folder of a socket as the path."""
    parts = urlsplit(url)
    if parts.netloc:
        return url
    folder, _slash, name = parts.path.rpartition("/")
    return f"postgresql:///{name}?host=/{folder.lstrip('/')}"
