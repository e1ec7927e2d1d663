"""Compile the catalogues in locale/ with Babel, so that the portal runs and is tested without gettext.

`python -m tools.catalogues` compiles all catalogues. It fails if a text has an error, such as a placeholder that its
translation lacks.
"""

import os
import sys
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_stale(folder: Path = LOCALE) -> None:
    """Compile catalogues that are newer than their compiled file. Several processes may do this at once."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            compile_one(source)


def compile_one(source: Path) -> list[str]:
    """Compile one catalogue. Return its errors, each with its line. After a syntax error nothing is written."""
    try:
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parent.parent.name, abort_invalid=True)
    except PoFileError as error:
        return [f"{source}: {error}"]
    errors = [f"{source}:{message.lineno}: {error}" for message, found in catalogue.check() for error in found]
    # Another process may be reading the compiled file, so replace it in one step.
    handle, name = tempfile.mkstemp(dir=source.parent, prefix=".", suffix=".mo")
    with os.fdopen(handle, "wb") as stream:
        write_mo(stream, catalogue)
    Path(name).chmod(0o644)
    Path(name).replace(source.with_suffix(".mo"))
    return errors


def main() -> int:
    """Compile all catalogues. Return the exit code."""
    errors = [error for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")) for error in compile_one(source)]
    print(*errors, sep="\n", end="\n" if errors else "")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
