"""The arguments and the result of a check of an entry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from words.catalogues import Entry


@dataclass(frozen=True)
class Found:
    """A fault in the translation number `text` of an entry."""

    text: int
    sentence: str
    breaks: bool = False


def pairs(entry: Entry) -> Iterator[tuple[int, str, str]]:
    """Return each translation that is not empty, with its number and the source that it translates."""
    for number, text in enumerate(entry.texts):
        if text:
            form = entry.forms[number] if entry.forms else 0
            yield number, entry.plural if entry.plural and form else entry.source, text


def short(text: str, most: int = 60) -> str:
    """Return the text in quotation marks, shortened for a report of one line."""
    text = re.sub(r"\s+", " ", text)
    return f"“{text}”" if len(text) <= most else f"“{text[:most].rstrip()} …”"
