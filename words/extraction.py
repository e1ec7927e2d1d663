"""Finishes `make messages`: fills the English catalogue and writes the comment above each entry.

All catalogues are written in one layout, long lines unbroken and without the time of the extraction, so that a new
extraction changes only entries that changed in the source.
"""

from typing import Any

import polib  # type: ignore[import-untyped]

from words import catalogues, settings
from words.comments import comment_for


def fill(entry: Any) -> bool:
    """Give an English entry its msgid if it has no text or only a guessed one. Return whether it changed.

    A text that differs from its msgid on purpose is left alone.
    """
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    if all(texts) and texts and not entry.fuzzy:
        return False
    if entry.msgid_plural:
        entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
    else:
        entry.msgstr = entry.msgid
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
    return True


def main() -> None:
    """Fill the English catalogue, and write all of them."""
    for path in catalogues.catalogue_paths():
        parsed = polib.pofile(str(path), wrapwidth=0)
        parsed.metadata.pop("POT-Creation-Date", None)
        if path.parent.parent.name == settings.SOURCE_LANGUAGE:
            print(f"English: {sum([fill(entry) for entry in parsed])} entries filled")
            parsed.metadata_is_fuzzy = False
        for entry in parsed:
            entry.comment = comment_for(catalogues.as_entry(path, entry))
        parsed.save()


if __name__ == "__main__":
    main()
