"""A stream that receives what a formatter of the portal makes of records."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kumfa.logs.lines import json_lines


class Lines:
    """The log lines that were written, as text and as objects."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """Return all lines as they were written."""
        return self.stream.getvalue()

    def __call__(self) -> list[dict[str, Any]]:
        """Return each line as an object."""
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        """Return the lines of one logger."""
        return [line for line in self() if line["logger"] == logger]


@contextmanager
def written(
    logger: str = "", level: int = logging.DEBUG, formatter: logging.Formatter | None = None
) -> Iterator[Lines]:
    """Write the records of a logger, at first of all, as the portal does in production."""
    lines = Lines()
    handler = logging.StreamHandler(lines.stream)
    handler.setFormatter(formatter or json_lines())
    target = logging.getLogger(logger)
    before = target.level
    target.addHandler(handler)
    target.setLevel(level)
    try:
        yield lines
    finally:
        target.removeHandler(handler)
        target.setLevel(before)
