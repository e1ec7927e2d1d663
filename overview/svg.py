"""Builds escaped SVG elements without style attributes. The classes get their colors from `static/css/overview.css`."""

import math
from collections.abc import Sequence
from datetime import datetime

from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from common import clock

# Drawings use the width of a phone, so their text is legible there. A wide screen scales them up by two thirds.
WIDTH = 360
LINE = 15  # line height of text


def tag(name: str, *inside: str, **attributes: object) -> SafeString:
    """Return an element. A trailing underscore in an attribute name is removed; other underscores become hyphens."""
    named = {key.rstrip("_").replace("_", "-"): _short(value) for key, value in attributes.items()}
    # SECURITY: `join` escapes the content unless it is an element. `flatatt` escapes the attributes.
    return format_html("<{}{}>{}</{}>", mark_safe(name), flatatt(named), join(*inside), mark_safe(name))  # noqa: S308


def join(*elements: str) -> SafeString:
    """Return the concatenated elements. Plain strings are escaped."""
    return format_html_join("", "{}", ((element,) for element in elements))


def text(x: float, y: float, words: str, anchor: str = "start", class_: str = "ov-text") -> SafeString:
    return tag("text", words, x=x, y=y, text_anchor=anchor, class_=class_)


def box(x: float, y: float, width: float, height: float) -> str:
    """Return a rectangle as path data."""
    return f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z"


def _short(value: object) -> object:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


def ticks(highest: float, most: int = 4) -> list[int]:
    """Return round numbers from 0 to at least `highest`, in at most `most` steps of 1, 2 or 5 times a power of ten."""
    highest = max(highest, 1)
    power = 10 ** math.floor(math.log10(highest / most)) if highest > most else 1
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * most >= highest)
    return [int(step * number) for number in range(math.ceil(highest / step) + 1)]


def time_ticks(slots: Sequence[datetime], hourly: bool) -> list[tuple[int, str]]:
    """Return (slot index, label in local time) for about five slots of the time axis."""
    local = [timezone.localtime(slot) for slot in slots]
    if hourly:
        return [(at, _hour(moment)) for at, moment in enumerate(local) if moment.hour in (0, 12)]
    if len(slots) > 100:
        return [(at, _month(moment)) for at, moment in enumerate(local) if moment.day == 1 and moment.month % 3 == 1]
    every = next((days for most, days in ((8, 2), (16, 4), (35, 7)) if len(slots) <= most), 14)
    return [(at, _day(moment)) for at, moment in enumerate(local) if (len(local) - 1 - at) % every == 0]


def _hour(moment: datetime) -> str:
    return clock.clock(moment) if moment.hour else _day(moment)


def _day(moment: datetime) -> str:
    # Translators: a day on the axis of a figure, as a format of Django's date filter; as short as can be.
    return date_format(moment, pgettext("day on an axis", "j M"))


def _month(moment: datetime) -> str:
    # Translators: a month on the axis of a figure, as a format of Django's date filter; as short as can be.
    return date_format(moment, pgettext("month on an axis", "M Y"))


def patterns(slug: str, count: int) -> SafeString:
    """Return `count` fill patterns that differ in black and white too: full, hatched, dotted, crossed, empty, lined."""
    return tag("defs", *(_pattern(f"{slug}-fill-{place}", place) for place in range(count)))


def fill(slug: str, place: int) -> str:
    """Return the `fill` attribute for the series with that index."""
    return f"url(#{slug}-fill-{place})"


_LINES = ((), ("M-2 2 4 -4M0 8 8 0M6 10 10 6",), (), ("M0 4H8M4 0V8",), (), ("M0 4H8",))


def _pattern(name: str, place: int) -> SafeString:
    shade = place % len(_LINES)
    inside = [tag("rect", width=8, height=8, class_=f"ov-ground-{shade}")]
    inside += [tag("path", d=line, class_="ov-hatch") for line in _LINES[shade]]
    if shade == 2:
        inside += [tag("circle", cx=x, cy=x, r=1.3, class_="ov-dot") for x in (2, 6)]
    return tag("pattern", *inside, id=name, width=8, height=8, patternUnits="userSpaceOnUse")
