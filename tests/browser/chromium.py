"""Where Chromium is, and how the tests start it."""

import os
import shutil

# The shell without a window comes first. It needs half the processor time of the complete browser.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--process-per-site",  # one process per context, since a visitor uses one page after another
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Return the path of Chromium, or None. CHROMIUM overrides it. A visible browser needs the complete one."""
    names = NAMES[1:] if os.environ.get("HEADED") == "1" else NAMES
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
