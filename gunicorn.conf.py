"""Settings of gunicorn. It reads this file from the working directory, in production and for `make run`."""

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any

from gunicorn import glogging
from gunicorn.http import wsgi

# We do not use the control interface of a running server. Its socket would be in a folder that is not writable.
control_socket_disable = True
loglevel = os.environ.get("LOG_LEVEL", "info").lower()


class _JsonLine(logging.Formatter):
    """Formats the lines of the master process as the portal does (`kumfa.logs.lines`).

    The master must not import the portal: workers that it starts after a reload would run the old code.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "text": record.getMessage(),
        }
        if record.exc_info:
            # In a worker whose settings cannot be used. SECURITY: its exception may quote a value.
            from kumfa.logs.redaction import redact_error

            line["exception"] = redact_error(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class _Logger(glogging.Logger):
    """gunicorn's logger with JSON lines, except with DEBUG."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        usual = "line" if os.environ.get("DEBUG", "0") in ("1", "true") else "json"
        if (os.environ.get("LOG_FORMAT") or usual).lower() == "json":
            for handler in self.error_log.handlers:
                handler.setFormatter(_JsonLine())


logger_class = _Logger

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
