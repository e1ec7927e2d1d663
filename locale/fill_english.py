"""Finishes an extraction: what is untranslated in English reads as it does in the source.

Both catalogues are then written in one layout, long lines unbroken and without the time of the extraction, so that
extracting again changes nothing but what changed in the source.
"""

from pathlib import Path
from typing import Any

import polib  # type: ignore[import-untyped]

HERE = Path(__file__).resolve().parent


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
    """Fill the English catalogue, and write both."""
    for language in ("da", "en"):
        catalogue = polib.pofile(str(HERE / language / "LC_MESSAGES" / "django.po"), wrapwidth=0)
        catalogue.metadata.pop("POT-Creation-Date", None)
        if language == "en":
            print(f"English: {sum([fill(entry) for entry in catalogue])} entries filled")
            catalogue.metadata_is_fuzzy = False
        catalogue.save()


if __name__ == "__main__":
    main()
