"""Delete the files of `make run`: everything in the folder var except the lock files.

Asks for no confirmation. Does not touch a database elsewhere, for example on PostgreSQL.
"""

import fcntl
import shutil
import sys
from pathlib import Path

VAR = Path(__file__).resolve().parent.parent / "var"
KEPT = {"install.lock", "run.lock"}


def main(var: Path = VAR) -> int:
    """Delete the files. Return the exit code: 1 while a portal runs there."""
    var.mkdir(exist_ok=True)
    with (var / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("A portal runs in this folder. End it with Ctrl-C, then reset.", file=sys.stderr)
            return 1
        for path in var.iterdir():
            if path.name in KEPT:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
