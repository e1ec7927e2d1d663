"""A real HTTP server on this machine that plays a gateway.

A test sets its answers and reads the requests that it received.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LONG = 20.0  # seconds after which a test that waits has failed


@dataclass(frozen=True)
class Sent:
    """One request as it arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path without the query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The decoded query. A repeated name is an error."""
        return _single(urlsplit(self.target).query)

    @property
    def form(self) -> dict[str, str]:
        """The body decoded as a form."""
        return _single(self.body.decode("ascii"))

    @property
    def document(self) -> Any:
        """The body decoded from JSON."""
        return json.loads(self.body)


# Writes the answer to one request.
Reply = Callable[["Handler"], None]


class Provider(ThreadingHTTPServer):
    """Answers each request with the next of `replies`. The last one is repeated."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[Reply] = []
        self.sent: list[Sent] = []
        self.open: list[socket.socket] = []
        self.bytes_taken = 0
        self.gone = threading.Event()  # the client closed the connection during an answer
        self.over = threading.Event()  # the test is over
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def host(self) -> str:
        """Host and port, as in a URL."""
        return f"127.0.0.1:{self.server_port}"

    @property
    def connections(self) -> int:
        """The number of connections accepted so far."""
        return len(self.open)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.open.append(connection)
        # With a small buffer, the server cannot write what the client does not read.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 * 1024)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: clients close connections on purpose here."""

    def stop(self) -> None:
        """Release waiting handlers and close open connections."""
        self.over.set()
        self.shutdown()
        self.server_close()
        for connection in self.open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection, kept open between requests."""

    protocol_version = "HTTP/1.1"
    server: Provider
    wfile: Any

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.sent.append(Sent(self.command, self.path, dict(self.headers), body))
        replies = self.server.replies
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        try:
            reply(self)
        except OSError:
            self.close_connection = True
            self.server.gone.set()

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@dataclass(frozen=True)
class Says:
    """A complete answer: a status and a body, sent as JSON unless it is bytes."""

    status: int
    content: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, handler: Handler) -> None:
        body = self.content if isinstance(self.content, bytes) else json.dumps(self.content).encode()
        handler.send_response(self.status)
        for name, value in {"Content-Length": str(len(body)), **self.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)


def hangs(handler: Handler) -> None:
    """Read the request and never answer."""
    handler.server.over.wait(LONG)
    handler.close_connection = True


def hangs_up(handler: Handler) -> None:
    """Read the request and close the connection."""
    handler.close_connection = True


def breaks_off(handler: Handler) -> None:
    """Close the connection in the middle of a 200 answer."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n0: {"msg_id": "1", "sid": "1"')
    handler.close_connection = True


def refuses_and_breaks_off(handler: Handler) -> None:
    """Close the connection in the middle of a 400 answer."""
    handler.wfile.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 500\r\n\r\n{")
    handler.close_connection = True


def speaks_no_http(handler: Handler) -> None:
    """Answer in another protocol."""
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n\r\n")
    handler.close_connection = True


def drips_headers(handler: Handler) -> None:
    """Answer with one header after another for a long time, each before a read times out."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    _drip(handler, b"X: y\r\n")


def drips_body(handler: Handler) -> None:
    """Answer with a body that comes one byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
    _drip(handler, b" ")


def floods(handler: Handler) -> None:
    """Answer with ten megabytes."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (10 * 1024 * 1024))
    for _ in range(10 * 1024):
        handler.wfile.write(b" " * 1024)
        handler.server.bytes_taken += 1024


def nobody_listens() -> str:
    """Return a host and port of this machine where a connection is refused."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def _drip(handler: Handler, drop: bytes) -> None:
    until = time.monotonic() + LONG
    while time.monotonic() < until and not handler.server.over.wait(0.02):
        handler.wfile.write(drop)


def _single(encoded: str) -> dict[str, str]:
    values = parse_qs(encoded, keep_blank_values=True, strict_parsing=True, errors="strict")
    return {name: value for name, [value] in values.items()}
