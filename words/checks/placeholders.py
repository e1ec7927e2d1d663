"""Placeholders such as %(time)s: none renamed, dropped, broken or added, and no stray percent sign."""

import difflib
import re
from collections.abc import Iterator

from words.catalogues import Entry
from words.checks.base import Found, pairs, short

WHOLE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_PERCENT = re.compile(r"%%|%\(\w+\)[sd]|%(?:\(\w*\)?)?")
# The characters of a format of Django's date filter, and what may be between them.
_DATE_FORMAT = re.compile(r"(?:[dDjlNSwzWmMnbFEtYyLoaAfgGhHiPsueIOTZcrU]|\\.|[\s.,:/-])+")
DATE_CONTEXTS = ("clock time", "day", "day on an axis", "month on an axis", "hour in a table")


def placeholders(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find placeholders that differ from the source.

    A form for one may include or omit the number, as either source form does.
    """
    for number, source, text in pairs(entry):
        if "python-format" in entry.flags:
            yield from _percent_signs(number, text)
        allowed = [set(WHOLE.findall(one)) for one in entry.sources]
        expected = set(WHOLE.findall(source))
        found = set(WHOLE.findall(text))
        if found in (allowed if entry.plural and number == 0 else [expected]):
            continue
        for name in sorted(found - set().union(*allowed)):
            yield Found(number, f"“{name}” is not in the English text. {_keep(name, expected - found)}", breaks=True)
        renamed = len(found - expected)
        for name in sorted(expected - found)[renamed:]:
            yield Found(
                number, f"“{name}” is missing in {short(text)}. Keep it as it is in the English text.", breaks=True
            )


def _keep(name: str, missing: set[str]) -> str:
    closest = difflib.get_close_matches(name, missing, n=1, cutoff=0)
    return f"Write “{closest[0]}”." if closest else "Delete it."


def _percent_signs(number: int, text: str) -> Iterator[Found]:
    for sign in _PERCENT.finditer(text):
        if WHOLE.fullmatch(sign[0]) or sign[0] == "%%":
            continue
        if sign[0] == "%":
            said = f"A percent sign in {short(text)} stands alone. Write “%%” for a percent sign."
        else:
            said = f"The placeholder “{sign[0]}” in {short(text)} is not complete. Write it as in the English text."
        yield Found(number, said, breaks=True)


def format_of_a_date(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find words in the format of a date. A program replaces each of its letters."""
    if entry.context in DATE_CONTEXTS:
        for number, _source, text in pairs(entry):
            if not _DATE_FORMAT.fullmatch(text) or re.search(r"[a-zA-Z]{2}", text):
                said = f"{short(text)} is a format, not a text. Use letters as in {short(entry.source)}, and “. , : /”."
                yield Found(number, said, breaks=True)
