"""Every check of a catalogue. `make words`, `make test` and `make run` use `check_all`."""

from collections.abc import Iterator
from pathlib import Path

from words import catalogues, places
from words.catalogues import Catalogue, Entry
from words.checks import agreement, glossary, marks, paper_guide, placeholders, sms, whole
from words.checks.base import Found
from words.faults import LOCALE, Fault

CHECKS = (
    whole.state,
    whole.unchanged,
    whole.plural_forms,
    placeholders.placeholders,
    placeholders.format_of_a_date,
    marks.markup,
    marks.mojibake,
    marks.end,
    marks.spaces,
    marks.doubled_words,
    marks.quotation_marks,
    whole.too_long,
    glossary.forbidden_words,
    sms.fits,
    paper_guide.unchanged_words,
)


def check_all(locale: Path = LOCALE) -> list[Fault]:
    """Return the faults of all catalogues, in the order of the files."""
    read = [catalogues.read(path) for path in catalogues.catalogue_paths(locale)]
    found = [fault for catalogue in read for fault in (*check(catalogue), *agreement.compare(catalogue, read))]
    return sorted([*found, *(fault for catalogue in read for fault in _layout(catalogue))])


def _layout(catalogue: Catalogue) -> Iterator[Fault]:
    """Find other line breaks between and within entries than `make messages` writes. They would change every line."""
    if (
        catalogue.entries
        and not catalogue.faults
        and catalogues.layout(catalogue.path) != catalogue.path.read_text("utf-8")
    ):
        yield Fault(catalogue.path, 1, "The editor broke the lines of the file in another way. Run: make words FIX=1")


def check(catalogue: Catalogue) -> Iterator[Fault]:
    """Find the faults of one catalogue, except those that another language shows."""
    yield from catalogue.faults
    yield from whole.duplicates(catalogue)
    for entry in catalogue.entries:
        yield from check_entry(entry, catalogue.plural_count)


def check_entry(entry: Entry, plural_count: int = 2) -> Iterator[Fault]:
    """Find the faults of one entry. Further checks make no sense without a translation."""
    for check in CHECKS:
        found = list(check(entry, plural_count))
        yield from (_fault(entry, one) for one in found)
        if found and check in (whole.state, whole.unchanged):
            return


def _fault(entry: Entry, found: Found) -> Fault:
    line = entry.lines[found.text] if found.text < len(entry.lines) else entry.line
    return Fault(entry.path, line, found.sentence, places.describe(entry.files), found.breaks)
