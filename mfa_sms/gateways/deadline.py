"""An HTTP transport with a deadline for the whole request.

A client's timeout limits a single read, so an answer that comes one byte at a time never exceeds it. Here every network
step waits at most for the remaining time.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

# Seconds until an idle connection is closed. Many servers close theirs after a minute.
IDLE = 30

_deadline: ContextVar[float] = ContextVar("deadline")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Limit everything that `Transport` does in this block to `seconds`, including look-ups of names and pauses.

    Raises httpx's own timeouts. In nested blocks, the earliest deadline counts.
    """
    token = _deadline.set(min(time.monotonic() + seconds, _deadline.get(float("inf"))))
    try:
        yield
    finally:
        _deadline.reset(token)


class DeadlineTransport(httpx.HTTPTransport):
    """httpx's transport with a connection pool that keeps the deadline."""

    def __init__(self) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=context)
        # httpx has no parameter for the network backend, but httpcore has one.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=100,
            max_keepalive_connections=100,
            keepalive_expiry=IDLE,
            network_backend=_Network(),
        )


class _Network(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers. All addresses, and their look-up, share one time limit."""
        until = time.monotonic() + _left(timeout, httpcore.ConnectTimeout)
        addresses = _addresses(host, port, until)
        for number, address in enumerate(addresses):
            left = until - time.monotonic()
            is_last = number == len(addresses) - 1
            try:
                seconds = _left(left / (len(addresses) - number), httpcore.ConnectTimeout)
                return _Stream(self._inner.connect_tcp(address, port, seconds, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if is_last:
                    raise
        raise httpcore.ConnectError


_lookups: dict[tuple[str, int], Future[list[str]]] = {}
_lookups_lock = threading.Lock()


def _addresses(host: str, port: int, until: float) -> list[str]:
    """Return the addresses of a host. Raises `ConnectTimeout` if the resolver does not answer in time.

    The system's resolver has no time limit, so it runs in a thread. Requests to the same host share one thread, however
    long the resolver is silent.
    """
    with _lookups_lock:
        lookup = _lookups.get((host, port))
        if lookup is None:
            lookup = _lookups[host, port] = Future()
            threading.Thread(target=_look_up, args=(host, port, lookup), daemon=True).start()
    try:
        return lookup.result(max(0.0, until - time.monotonic()))
    except FutureTimeoutError:
        raise httpcore.ConnectTimeout from None
    except OSError:
        raise httpcore.ConnectError from None


def _look_up(host: str, port: int, lookup: Future[list[str]]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    except (OSError, UnicodeError) as error:
        result: OSError | None = error if isinstance(error, OSError) else OSError()
        addresses = []
    else:
        result = None
    with _lookups_lock:
        _lookups.pop((host, port), None)
    if result is None:
        lookup.set_result(addresses)
    else:
        lookup.set_exception(result)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        seconds = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, seconds))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
    """Return how long one step may wait: its own timeout, or the remaining time if that is shorter."""
    left = _deadline.get() - time.monotonic()
    left = left if timeout is None else min(timeout, left)
    if left <= 0:
        raise late
    return left
