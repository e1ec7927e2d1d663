"""Connections to the directory's servers, in order: a server that does not answer is followed by the next one.

SECURITY: every connection is encrypted and its certificate verified, before anything else is sent. Referrals are never
followed, because they would send a password to a server that is not configured.
"""

import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore
from typing import Any, TypeVar

import ldap
from django.conf import settings
from ldap.ldapobject import SimpleLDAPObject

Result = TypeVar("Result")

logger = logging.getLogger(__name__)

# These mean that the server, not the person, is the problem. Another server may answer.
FAILURES = (
    ldap.SERVER_DOWN,
    ldap.CONNECT_ERROR,
    ldap.TIMEOUT,
    ldap.BUSY,
    ldap.UNAVAILABLE,
    ldap.LOCAL_ERROR,
    ldap.PROTOCOL_ERROR,
)
_AVOIDED = 30.0  # seconds for which a failed server is tried last
_SHARE = 0.5  # the part of the remaining time that a server gets if there is another one
_POOLED = 4  # idle connections per server
_THREADS = 32
_failed_at: dict[str, float] = {}
_readers: dict[str, deque[SimpleLDAPObject]] = defaultdict(deque)
_threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="directory")
_free_threads = BoundedSemaphore(_THREADS)


class DirectoryDown(Exception):
    """No server answered in time."""


class Deadline:
    """The deadline for all servers of the directory together."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left. Raises `DirectoryDown` if the time is up."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise DirectoryDown
        return left


def ask(deadline: Deadline, question: Callable[[SimpleLDAPObject], Result]) -> Result:
    """Call `question` with a new connection. Return its result. Raises `DirectoryDown`, or what `question` raises."""

    def asked(url: str, seconds: float) -> Result:
        connection = _connect(url, seconds)
        try:
            return question(connection)
        finally:
            _close(connection)

    return _in_turn(deadline, asked)


def ask_as_reader(deadline: Deadline, question: Callable[[SimpleLDAPObject], Result]) -> Result:
    """Call `question` with a connection of the reader's account and return its result. Connections are pooled."""

    def asked(url: str, seconds: float) -> Result:
        connection = _pooled(url) or _connect_as_reader(url, seconds)
        try:
            connection.set_option(ldap.OPT_TIMEOUT, seconds)
            answer = question(connection)
        except BaseException:
            _close(connection)
            raise
        _put_back(url, connection)
        return answer

    return _in_turn(deadline, asked)


def _in_turn(deadline: Deadline, ask_server: Callable[[str, float], Result]) -> Result:
    urls = sorted(settings.DIRECTORY_URLS, key=_failed_lately)
    for position, url in enumerate(urls):
        seconds = deadline.left * (1 if position == len(urls) - 1 else _SHARE)
        try:
            answer = _within(seconds, ask_server, url)
        except FAILURES as error:
            logger.warning("The directory server %s did not answer: %s", url, type(error).__name__)
            _failed_at[url] = time.monotonic()
        else:
            _failed_at.pop(url, None)
            return answer
    raise DirectoryDown


def _within(seconds: float, ask_server: Callable[[str, float], Result], url: str) -> Result:
    """Return what the server answers within this time, or raise one of `FAILURES`.

    A thread asks, because libldap has no limit of time for the TLS handshake. A thread that waits for a silent server
    is left behind. While all threads wait, every server counts as down.
    """
    if not _free_threads.acquire(blocking=False):
        raise ldap.BUSY

    def ask_and_free() -> Result:
        try:
            return ask_server(url, seconds)
        finally:
            _free_threads.release()

    try:
        return _threads.submit(ask_and_free).result(timeout=seconds)
    except TimeoutError:
        raise ldap.TIMEOUT from None


@contextmanager
def connection_as_reader(patience: float) -> Iterator[SimpleLDAPObject]:
    """Yield a connection of the reader's account, for a long search. `patience` is the time for one answer."""
    connection = _in_turn(Deadline(settings.DIRECTORY_PATIENCE.total_seconds()), _connect_as_reader)
    try:
        connection.set_option(ldap.OPT_TIMEOUT, patience)
        yield connection
    finally:
        _close(connection)


def forget() -> None:
    """Close the pooled connections, and forget which servers failed."""
    _failed_at.clear()
    for idle in _readers.values():
        while idle:
            _close(idle.pop())


def _failed_lately(url: str) -> bool:
    return time.monotonic() - _failed_at.get(url, -_AVOIDED) < _AVOIDED


def _pooled(url: str) -> SimpleLDAPObject | None:
    try:
        return _readers[url].pop()
    except IndexError:
        return None


def _put_back(url: str, connection: SimpleLDAPObject) -> None:
    if len(_readers[url]) < _POOLED:
        _readers[url].append(connection)
    else:
        _close(connection)


def _connect_as_reader(url: str, seconds: float) -> SimpleLDAPObject:
    connection = _connect(url, seconds)
    connection.simple_bind_s(settings.DIRECTORY_READER, settings.DIRECTORY_READER_PASSWORD)
    return connection


def _connect(url: str, seconds: float) -> SimpleLDAPObject:
    connection: Any = ldap.initialize(url)
    connection.set_option(ldap.OPT_PROTOCOL_VERSION, ldap.VERSION3)
    connection.set_option(ldap.OPT_REFERRALS, 0)
    connection.set_option(ldap.OPT_NETWORK_TIMEOUT, seconds)
    connection.set_option(ldap.OPT_TIMEOUT, seconds)
    # Ends the threads that wait for a server whose machine is gone.
    connection.set_option(ldap.OPT_X_KEEPALIVE_IDLE, 10)
    connection.set_option(ldap.OPT_X_KEEPALIVE_PROBES, 2)
    connection.set_option(ldap.OPT_X_KEEPALIVE_INTERVAL, 5)
    connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
    connection.set_option(ldap.OPT_X_TLS_PROTOCOL_MIN, ldap.OPT_X_TLS_PROTOCOL_TLS1_2)
    if settings.DIRECTORY_CA_FILE:
        connection.set_option(ldap.OPT_X_TLS_CACERTFILE, settings.DIRECTORY_CA_FILE)
    connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
    if not url.startswith("ldaps://"):
        connection.start_tls_s()
    return connection


def _close(connection: SimpleLDAPObject) -> None:
    with suppress(ldap.LDAPError):  # it may be closed already
        connection.unbind_s()
