"""Where the texts of a source file appear, in words for translators. locale/places.toml has them."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache

from words import settings


@cache
def place_of(file: str) -> str:
    """Return where the texts of a source file appear, or nothing if no key of places.toml matches."""
    # An app's events and its name appear elsewhere than its other texts.
    general = [key for key in _places() if key.startswith("*/")]
    exact = [key for key in _places() if key == file]
    for key in (*exact, *general, *_places()):
        if fnmatchcase(file, key):
            return _places()[key]
    return ""


def places_of(files: Iterable[str]) -> list[str]:
    """Return the places of several files, each once."""
    return list(dict.fromkeys(place for file in files if (place := place_of(file))))


def describe(files: Iterable[str]) -> str:
    """Return the places of several files as one short text."""
    found = places_of(files)
    return "; ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")


@cache
def _places() -> dict[str, str]:
    return {str(key): str(place) for key, place in settings.load("places.toml").items()}
