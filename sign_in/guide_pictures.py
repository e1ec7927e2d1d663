"""The pictures of the help page. `make guide` takes them, and stores their words and sizes beside them."""

import json
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _

from common import languages

_FOLDER = "guide"


@dataclass(frozen=True)
class Picture:
    """A picture of one page. `path` is that of the static file. Sizes are in pixels of the page."""

    path: str
    heading: str
    button: str
    width: int
    height: int

    @property
    def alt(self) -> str:
        """The heading of the page and its prominent button."""
        # Translators: the text of a picture. %(heading)s is the heading of a page, %(button)s is one of its buttons.
        return _("%(heading)s: %(button)s") % {"heading": self.heading, "button": self.button}


def pictures() -> dict[str, Picture]:
    """Return the pictures in the active language by the name of their page. A new language has none."""
    return _all_pictures().get(languages.current(), {})


@cache
def _all_pictures() -> dict[str, dict[str, Picture]]:
    path = settings.BASE_DIR / "static" / _FOLDER / "pictures.json"
    taken = json.loads(path.read_text(encoding="utf-8"))
    return {
        language: {
            name: Picture(
                f"{_FOLDER}/{language}/{name}.png",
                found["heading"],
                found["main_button"],
                found["width"],
                found["height"],
            )
            for name, found in of_language.items()
        }
        for language, of_language in taken.items()
    }
