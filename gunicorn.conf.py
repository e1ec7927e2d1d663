"""Settings of gunicorn. It reads this file from the working directory, in production and for `make run`."""

from typing import Any

from gunicorn.http import wsgi

# A client that sends nothing for this many seconds within a request loses its connection. Otherwise a few such clients
# could occupy every thread.
_SILENCE = 10

# The authorization request of a service is a URL of up to 8 kB. This is the most that gunicorn accepts.
limit_request_line = 8190


def pre_request(worker: Any, request: Any) -> None:
    """Limit the time that reading the body may wait for the next bytes, and writing for the client to read."""
    request.unreader.sock.settimeout(_SILENCE)


def _without_server(response: wsgi.Response, original: Any = wsgi.Response.default_headers) -> list[str]:
    return [line for line in original(response) if not line.startswith("Server:")]


# SECURITY: the name of the server helps attackers alone. gunicorn has no setting for it.
wsgi.Response.default_headers = _without_server
