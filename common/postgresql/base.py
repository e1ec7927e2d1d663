"""The backend. Django imports this module for the engine `common.postgresql`."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Checks each connection that leaves the pool, and replaces the whole pool at the first one that is dead.

    A restart of the server or a failover closes every idle connection at once. psycopg_pool checks them one by one, and
    waits 1, 2, then 4 seconds between dead ones, so that requests would fail until the pool is clean.
    """

    # Django's own, which its stubs omit.
    _connection_pools: "ClassVar[dict[str, ConnectionPool[Any]]]"
    _configure_connection: "Callable[[Connection[Any]], None]"

    @property
    def pool(self) -> "ConnectionPool[Any] | None":
        """Return the pool of this process, or None if the settings have none."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        if self.alias not in self._connection_pools:
            parameters = {**self.get_connection_params(), "autocommit": True}
            pool: ConnectionPool[Any] = ConnectionPool(
                kwargs=parameters,
                open=False,  # Django opens it with the first connection
                configure=self._configure_connection,
                check=refuse_dead,
                **options,
            )
            # Two threads may be here at once. The first pool wins, and the other was never opened.
            self._connection_pools.setdefault(self.alias, pool)
        return self._connection_pools[self.alias]


def refuse_dead(connection: "Connection[Any]") -> None:
    """Raise if the connection is dead. Its pool then replaces all others: they died together."""
    try:
        ConnectionPool.check_connection(connection)
    except Exception:
        if isinstance(connection._pool, ConnectionPool):
            connection._pool.drain()
        raise
