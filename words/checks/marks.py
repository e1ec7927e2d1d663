"""Checks of marks: markup, characters of another encoding, the end, spaces, doubled words, quotation marks."""

import re
from collections.abc import Iterator

from words import settings
from words.catalogues import Entry
from words.checks.base import Found, pairs, short
from words.checks.placeholders import WHOLE

_MARKUP = re.compile(r"</?[a-zA-Z!][^>]*>?|&#?\w*;?|<|>")
_END = re.compile(r"[.?!:…,;]+$")
_ABBREVIATION = re.compile(r"\b(tlf|nr|min|sek|maks|ca|dvs|osv|kl)\.$", re.IGNORECASE)
_DOUBLED = re.compile(r"(?<![\w'’-])([^\W\d_]+)\s+\1(?![\w'’-])", re.IGNORECASE)
_QUOTES = '“”„«»"‹›‚‘'


def markup(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find markup that the source lacks. SECURITY: pages do not escape translations, so it would be a script."""
    for number, source, text in pairs(entry):
        allowed = _MARKUP.findall(source)
        for piece in _MARKUP.findall(text):
            if piece not in allowed:
                said = (
                    f"“{piece}” is markup that the English text does not have. Delete it; write “og” or “and” for “&”."
                )
                yield Found(number, said, breaks=True)


def mojibake(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find text that was read in another encoding and saved, such as “NÃ¦ste”."""
    for number, _source, text in pairs(entry):
        for word in re.findall(r"\S*[^\x00-\x7f]\S*", text):
            if (meant := _repair(word)) is not None:
                yield Found(number, f"“{word}” was damaged by a wrong encoding. Write “{meant}”.")
        if "\ufffd" in text:
            yield Found(number, f"{short(text)} contains “\ufffd”: a character was lost. Write the word again.")


def _repair(word: str) -> str | None:
    """Return what a damaged word was, or None if it is not damaged."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return word.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None


def end(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find a translation that ends with another mark than its source."""
    for number, source, text in pairs(entry):
        wanted, found = (m[0] if (m := _END.search(one.rstrip())) else "" for one in (source, text))
        if wanted != found and not _is_abbreviation(text, found):
            now = f"ends with “{found}”" if found else "has no mark at its end"
            want = f"ends with “{wanted}”" if wanted else "has none"
            yield Found(number, f"{short(text)} {now}, but the English text {want}.")


def _is_abbreviation(text: str, found: str) -> bool:
    return found == "." and _ABBREVIATION.search(text) is not None


def spaces(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find spaces and line breaks at the ends that the source lacks, two spaces in a row, and tabs."""
    for number, source, text in pairs(entry):
        for name, strip in (("beginning", str.lstrip), ("end", str.rstrip)):
            if (text != strip(text)) != (source != strip(source)):
                more = "has a space or line break too many" if text != strip(text) else "lacks a space or line break"
                yield Found(number, f"{short(text)} {more} at the {name}.")
        if "  " in text.strip() or "\t" in text:
            yield Found(number, f"{short(text)} has two spaces in a row, or a tab.")
        if text.strip().count("\n") != source.strip().count("\n"):
            yield Found(number, f"{short(text)} has other line breaks than the English text.")


def doubled_words(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find a word that was typed twice."""
    for number, _source, text in pairs(entry):
        for found in _DOUBLED.finditer(WHOLE.sub("…", text)):
            yield Found(number, f"“{found[0]}” has the same word twice.")


def quotation_marks(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find quotation marks of another kind than the language uses, or one without its partner."""
    quotes = settings.glossary(entry.language).quotes
    opening, closing = quotes[0], quotes[1]
    for number, _source, text in pairs(entry):
        foreign = sorted({mark for mark in text if mark in _QUOTES} - {opening, closing})
        for mark in foreign:
            yield Found(number, f"“{mark}” is not a quotation mark of this language. Write {opening}…{closing}.")
        opened, closed = text.count(opening), text.count(closing)
        odd = opened % 2 == 1 if opening == closing else opened != closed
        if odd and not foreign:
            yield Found(number, f"A quotation mark in {short(text)} has no partner.")
