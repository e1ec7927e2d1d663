"""A stream that receives the lines of a formatter of the portal."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kumfa.logs.lines import json_lines


class Lines:
    """The log lines written so far, as text and as objects."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """All lines as they were written."""
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
    """Write the records of a logger (by default all records) as the portal does in production."""
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
