"""Fills the English catalogue after an extraction: what is untranslated there reads as it does in the source."""

from pathlib import Path
from typing import Any

import polib  # type: ignore[import-untyped]

CATALOGUE = Path(__file__).resolve().parent / "en" / "LC_MESSAGES" / "django.po"


def fill(entry: Any) -> bool:
    """Give an entry its msgid where it has no text or only a guessed one. Return whether it changed.

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
    """Fill the catalogue in place; leave the file alone when nothing is missing."""
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=0)
    changed = [fill(entry) for entry in catalogue]
    if any(changed) or catalogue.metadata_is_fuzzy:
        catalogue.metadata_is_fuzzy = False
        catalogue.save()
    print(f"{CATALOGUE.name}: {sum(changed)} entries filled")


if __name__ == "__main__":
    main()
