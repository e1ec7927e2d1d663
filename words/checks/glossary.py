"""Words that the house style replaces: each line of a language's glossary is a rule."""

from collections.abc import Iterator

from words import settings
from words.catalogues import Entry
from words.checks.base import Found, pairs
from words.checks.placeholders import WHOLE


def forbidden_words(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find each word that the glossary of the language replaces."""
    glossary = settings.glossary(entry.language)
    for number, _source, whole in pairs(entry):
        text = WHOLE.sub("…", whole)
        for rule in glossary.rules:
            if rule.context and rule.context != entry.context:
                continue
            if (found := rule.find.search(text)) and entry.source not in rule.allowed:
                yield Found(number, f"“{found[0]}” is not used here. Write {rule.write} instead.")
