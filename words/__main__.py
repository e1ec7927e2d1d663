"""`make words`: check the catalogues, and print one sentence for each fault. Needs no gettext and no database."""

import argparse
from pathlib import Path

from words import catalogues
from words.checks import check_all
from words.faults import LOCALE


def main() -> int:
    """Check all catalogues. Return the exit code."""
    parser = argparse.ArgumentParser(prog="make words", description="Check the texts in locale/.")
    parser.add_argument("--fix", action="store_true", help="first bring the files into the layout of `make messages`")
    if parser.parse_args().fix:
        fix()
    faults = check_all()
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if len(faults) != 1 else "1 fault")
    return 1 if faults else 0


def fix(locale: Path = LOCALE) -> None:
    """Write each catalogue that can be read with unbroken lines, Unix line ends and no byte order mark."""
    for path in catalogues.catalogue_paths(locale):
        try:
            text = catalogues.layout(path)
        except (OSError, ValueError):
            continue  # the check names the line
        if path.read_bytes() != text.encode():
            path.write_bytes(text.encode())
            print(f"{path} was brought into its layout.")


if __name__ == "__main__":
    raise SystemExit(main())
