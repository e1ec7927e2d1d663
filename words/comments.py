"""The comment above an entry: the page, what the text is, its placeholders, its maximum length, and notes.

Parts come from places.toml, from comments.toml and from the source (`words.source`). So they stay correct, and
no call needs a comment of its own.
"""

import re
import textwrap
from collections.abc import Iterator
from fnmatch import fnmatchcase

from words import places, settings, source
from words.catalogues import Entry

_NAME = re.compile(r"%\((\w+)\)[sd]")
_WIDTH = 116


def needs_comment(entry: Entry) -> bool:
    """Return whether the text alone does not say what it is: it has a placeholder, or fewer than three words."""
    return any(_NAME.search(text) or len(text.split()) < 3 for text in entry.sources)


def comment_for(entry: Entry) -> str:
    """Return the comment above an entry, in lines."""
    first = [f"Page: {places.describe(entry.files)}."]
    found = positions_of(entry)
    first += [f"{position}." for position in found]
    if longest := longest_of(entry):
        first.append(f"At most {longest} characters.")
    paragraphs = [" ".join(first), *_programmers_comments(entry), *_notes(entry), *_meanings(entry)]
    return "\n".join(
        line for paragraph in paragraphs for line in textwrap.wrap(paragraph, _WIDTH, break_on_hyphens=False)
    )


def positions_of(entry: Entry) -> list[str]:
    """Return what the text is in each of its source files: "Button", "Error at a field"."""
    found = [source.positions(file).get(entry.source) or _default_position(file) for file in entry.files]
    return list(dict.fromkeys(position for position in found if position))


def longest_of(entry: Entry) -> int:
    """Return the number of characters that a translation may have, or 0 if there is no limit."""
    limits = settings.comments().get("longest", {})
    return min((limits[position] for position in positions_of(entry) if position in limits), default=0)


def meaning_of(name: str, files: tuple[str, ...]) -> str:
    """Return what a placeholder contains in the texts of these files, or nothing if comments.toml does not say it."""
    found = settings.comments()
    for file in files:
        if said := found.get("meaning_in", {}).get(file, {}).get(name):
            return str(said)
    return str(found.get("meaning", {}).get(name, ""))


def _default_position(file: str) -> str:
    defaults = settings.comments().get("position", {})
    return next((str(said) for key, said in defaults.items() if fnmatchcase(file, key)), "")


def _programmers_comments(entry: Entry) -> list[str]:
    found = [source.comments_of(file).get(entry.source, "") for file in entry.files]
    return list(dict.fromkeys(_sentence(said) for said in found if said))


def _notes(entry: Entry) -> Iterator[str]:
    if said := settings.comments().get("note", {}).get(entry.source):
        yield said
    if (entry.context, entry.source) in settings.paper_guide("da"):
        yield "In Danish, students have these words on paper. Do not change them."


def _meanings(entry: Entry) -> Iterator[str]:
    said = " ".join(_programmers_comments(entry))
    for name in dict.fromkeys(_NAME.findall(" ".join(entry.sources))):
        if f"%({name})" not in said:
            yield f"%({name})s: {meaning_of(name, entry.files) or '?'}"


def _sentence(text: str) -> str:
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "…")) else f"{text}."
