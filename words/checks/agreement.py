"""The languages have the same entries, so that a changed msgid or a deleted entry is seen without gettext."""

import difflib
from collections.abc import Iterator, Sequence

from words import places, settings
from words.catalogues import Catalogue
from words.checks.base import short
from words.faults import Fault


def compare(catalogue: Catalogue, others: Sequence[Catalogue]) -> Iterator[Fault]:
    """Find entries missing from the catalogue, and entries that no other has. Skip catalogues that cannot be read."""
    if not catalogue.entries:
        return
    mine = {entry.key: entry for entry in catalogue.entries if not entry.obsolete}
    rest = [{e.key: e for e in other.entries if not e.obsolete} for other in others if other is not catalogue]
    rest = [keys for keys in rest if keys]
    common = {key: entry for keys in rest[:1] for key, entry in keys.items() if all(key in other for other in rest)}
    missing = {key: entry for key, entry in common.items() if key not in mine}
    for key, entry in mine.items():
        # The English catalogue is extracted. If an English text differs, somebody changed it in the other language.
        if catalogue.language == settings.SOURCE_LANGUAGE or not rest or any(key in keys for keys in rest):
            continue
        sources = {lost[1]: lost for lost in missing}
        closest = difflib.get_close_matches(entry.source, sources, n=1, cutoff=0.6)
        if closest:
            missing.pop(sources[closest[0]])
            said = (
                f"The English text after msgid was changed. It must stay {short(closest[0], 200)}. Change msgstr only."
            )
        else:
            said = f"{short(entry.source)} is in no other language. Delete the entry, or run: make messages"
        yield Fault(catalogue.path, entry.line, said, places.describe(entry.files), breaks=True)
    for entry in missing.values():
        said = (
            f"The entry {short(entry.source)} is missing. {entry.path.parent.parent.name} has it in line {entry.line}."
        )
        yield Fault(catalogue.path, 1, said, places.describe(entry.files))
