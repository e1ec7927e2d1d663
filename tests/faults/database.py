"""A database of its own on the given server, and what is asked of it."""

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
    """A database; `url` is as django-environ reads it."""

    url: str

    def rows(self, query: "sql.SQL | str", *parameters: object) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        statement = sql.SQL(query) if isinstance(query, str) else query
        with psycopg.connect(_libpq(self.url), row_factory=dict_row, autocommit=True) as connection:
            return connection.execute(statement, parameters).fetchall()

    def count(self, query: str) -> int:
        """Return the one number of a query."""
        (row,) = self.rows(query)
        return int(next(iter(row.values())))


@contextmanager
def fresh(server: str) -> Iterator[Database]:
    """Create an empty database on the server of a URL; drop it at the end, whoever is still connected."""
    name = f"kumfa_faults_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(_libpq(server), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield Database(f"{server.partition('?')[0].rpartition('/')[0]}/{name}")
    finally:
        with psycopg.connect(_libpq(server), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _libpq(url: str) -> str:
    """Return the URL as libpq reads it: django-environ writes a socket's folder as the path."""
    parts = urlsplit(url)
    if parts.netloc:
        return url
    folder, _slash, name = parts.path.rpartition("/")
    return f"postgresql:///{name}?host=/{folder.lstrip('/')}"
