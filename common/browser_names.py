"""Readable names of browsers and operating systems, from the User-Agent header."""

from django.utils.translation import gettext as _

# The first match wins. Nearly all browsers also name Safari, and many also name Chrome.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def describe_browser(user_agent: str) -> str:
    """Return the browser and the system, for example "Firefox, Windows".

    Return "an unknown browser" if neither is recognized. The result contains only names from the lists above, whatever
    the header says.
    """
    # Translators: stands where "Firefox" stands in "From: Firefox, Windows".
    browser = _first(_BROWSERS, user_agent) or _("an unknown browser")
    return ", ".join(filter(None, (browser, _first(_SYSTEMS, user_agent))))


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
