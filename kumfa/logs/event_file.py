"""Handlers for the lines of security events. They raise if a line cannot be written, so that none is lost.

Python's own handlers print the error and go on.
"""

import logging
from logging.handlers import WatchedFileHandler


class StrictStream(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to standard error."""

    def handleError(self, record: logging.LogRecord) -> None:
        raise


class StrictFile(WatchedFileHandler):
    """Writes to a file, and opens it again after logrotate has moved it."""

    def handleError(self, record: logging.LogRecord) -> None:
        raise
