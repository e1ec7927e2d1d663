"""Checks of an entry as a whole: translated, not fuzzy, not a copy of the English, every plural form, only once."""

import re
from collections.abc import Iterator

from words import settings
from words.catalogues import Catalogue, Entry
from words.checks.base import Found, pairs, short
from words.faults import Fault


def state(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find an entry that the portal would not use: without a translation, fuzzy or obsolete."""
    if entry.obsolete:
        yield Found(0, f"{short(entry.source)} is not used any more. Delete the entry.")
    elif "fuzzy" in entry.flags:
        said = f"{short(entry.source)} is marked as fuzzy, so people read English. Check it, and delete “fuzzy”."
        yield Found(0, said)
    elif not any(text.strip() for text in entry.texts):
        yield Found(0, f"{short(entry.source)} has no translation.")


def plural_forms(entry: Entry, plural_count: int) -> Iterator[Found]:
    """Find plural forms that are missing or empty. The header of the catalogue says how many there are."""
    if not entry.plural:
        return
    for form in range(plural_count):
        if form not in entry.forms:
            said = (
                f"The plural form msgstr[{form}] of {short(entry.source)} is missing. There are {plural_count} forms."
            )
            yield Found(0, said, breaks=True)
    for number, form in enumerate(entry.forms):
        if not entry.texts[number].strip():
            yield Found(number, f"The plural form msgstr[{form}] of {short(entry.source)} is empty.", breaks=True)
        elif form >= plural_count:
            said = f"The plural form msgstr[{form}] of {short(entry.source)} is one too many. Delete it."
            yield Found(number, said, breaks=True)


def too_long(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find a translation that is longer than its place, such as a button. The comment above the entry says how long."""
    limit = re.search(r"\bAt most (\d+) characters\.", " ".join(entry.comment.split()))
    for number, _source, text in pairs(entry):
        over = len(re.sub(r"%\(\w+\)\w", "%" * 8, text)) - int(limit[1]) if limit else 0
        if over > 0:
            yield Found(number, f"{short(text)} is {over} characters longer than its place allows. Shorten it.")


def unchanged(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find texts that are still English. Words that are the same in both languages are listed in the glossary."""
    if entry.language == settings.SOURCE_LANGUAGE:
        return
    alike = settings.glossary(entry.language).alike
    for number, source, text in pairs(entry):
        words = re.sub(r"%\(\w+\)\w", "", source)
        if text == source and re.search(r"[^\W\d_]{2}", words) and source.casefold() not in alike:
            said = f"{short(text)} is still English. If both languages have this word, add it to “alike” in {{}}."
            yield Found(number, said.format(settings.glossary_path(entry.language)))


def duplicates(catalogue: Catalogue) -> Iterator[Fault]:
    """Find entries that occur twice. Two entries with different contexts are different."""
    first: dict[tuple[str, str], Entry] = {}
    for entry in catalogue.entries:
        if not entry.obsolete and (earlier := first.setdefault((entry.context, entry.source), entry)) is not entry:
            said = f"{short(entry.source)} occurs twice: the first is in line {earlier.line}. Delete one of them."
            yield Fault(entry.path, entry.line, said, breaks=True)
