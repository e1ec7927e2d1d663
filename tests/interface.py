"""The words of the interface, as tests expect them on a page.

Tests name a text by its source and read the words from the catalogue. So better words break no test. The words that
students have on paper are checked by `make words`, against locale/paper_guide.toml.
"""

from typing import Any

from django.utils.translation import gettext, override


def in_da(source: str, **values: Any) -> str:
    """Return the Danish text of a source, with the values of its placeholders."""
    return _in("da", source, values)


def in_en(source: str, **values: Any) -> str:
    """Return the English text of a source, with the values of its placeholders."""
    return _in("en", source, values)


def _in(language: str, source: str, values: dict[str, Any]) -> str:
    with override(language):
        text = gettext(source)
    return text % values if values else text
