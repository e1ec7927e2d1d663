"""Words that students have on paper stay as they are."""

from collections.abc import Iterator

from words import settings
from words.catalogues import Entry
from words.checks.base import Found, short


def unchanged_words(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find a phrase of the paper guide that was changed. locale/paper_guide.toml lists them."""
    fixed = settings.paper_guide(entry.language).get((entry.context, entry.source))
    if fixed and entry.texts[0] != fixed.text:
        said = f"Students have {short(fixed.text)} on paper (step {fixed.step} of the guide). Do not change it."
        yield Found(0, said)
