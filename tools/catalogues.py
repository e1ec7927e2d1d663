"""Compile the catalogues in locale/ with Babel, so that the portal runs and is tested without gettext.

`python -m tools.catalogues` compiles all catalogues. It refuses a catalogue with a text that would make a page fail,
such as a changed placeholder, and prints one sentence for each. `make words` finds all other faults too.
"""

import os
import sys
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from words import catalogues
from words.checks import check, check_all
from words.faults import Fault

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_stale(folder: Path = LOCALE) -> None:
    """Compile catalogues that are newer than their compiled file. Several processes may do this at once."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            compile_one(source)


def compile_one(source: Path) -> list[Fault]:
    """Compile one catalogue. Return the faults for which it was refused. Then nothing is written."""
    broken = [fault for fault in check(catalogues.read(source)) if fault.breaks]
    return broken or _write(source)


def _write(source: Path) -> list[Fault]:
    try:
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parent.parent.name, abort_invalid=True)
    except PoFileError as error:
        return [Fault(source, error.lineno or 1, f"The file cannot be read: {error}", breaks=True)]
    # Another process may be reading the compiled file, so replace it in one step.
    handle, name = tempfile.mkstemp(dir=source.parent, prefix=".", suffix=".mo")
    with os.fdopen(handle, "wb") as stream:
        write_mo(stream, catalogue)
    Path(name).chmod(0o644)
    Path(name).replace(source.with_suffix(".mo"))
    return []


def main() -> int:
    """Compile all catalogues if none has a text that would make a page fail. Return the exit code."""
    broken = [fault for fault in check_all(LOCALE) if fault.breaks]
    if not broken:
        broken = [fault for source in catalogues.catalogue_paths(LOCALE) for fault in _write(source)]
    if not broken:
        return 0
    print(*broken, sep="\n")
    print("Mend this, then run the same command again. `make words` checks the texts in a moment.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
