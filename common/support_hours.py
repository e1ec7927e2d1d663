"""The opening hours of IT Support, for pages and emails in every language."""

import re
from dataclasses import dataclass
from datetime import time

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PERIOD = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")


class BadHours(ValueError):
    """Raised for text that is not in the form of `SUPPORT_HOURS`."""


@dataclass(frozen=True)
class Period:
    """The hours of one weekday or of several in a row. Monday is 0."""

    first: int
    last: int
    opens: time
    closes: time

    @property
    def text(self) -> str:
        """The period in words, for example "Monday to Thursday 08:00 to 16:00"."""
        # Translators: a clock time in a sentence, as a format of Django's date filter.
        clock = pgettext("clock time", "H:i")
        words = {
            "first": WEEKDAYS[self.first],
            "last": WEEKDAYS[self.last],
            "opens": time_format(self.opens, clock),
            "closes": time_format(self.closes, clock),
        }
        if self.first == self.last:
            # Translators: opening hours. %(first)s is a weekday, %(opens)s and %(closes)s are times such as "08:00".
            return capfirst(_("%(first)s %(opens)s to %(closes)s") % words)
        # Translators: opening hours. %(first)s and %(last)s are weekdays, %(opens)s and %(closes)s are times.
        return capfirst(_("%(first)s to %(last)s %(opens)s to %(closes)s") % words)


def parse_hours(text: str) -> list[Period]:
    """Return the periods of a text such as "mon-thu 08:00-16:00, fri 08:00-15:00". Raise `BadHours`."""
    return [_parse_period(part.strip()) for part in text.split(",")] if text.strip() else []


def _parse_period(text: str) -> Period:
    found = _PERIOD.fullmatch(text.lower())
    try:
        if found is None:
            raise ValueError
        first = _DAYS.index(found["first"])
        last = _DAYS.index(found["last"] or found["first"])
        opens, closes = time.fromisoformat(found["opens"]), time.fromisoformat(found["closes"])
    except ValueError:
        raise BadHours(f"{text!r} is not like 'mon-thu 08:00-16:00'.") from None
    if first > last or opens >= closes:
        raise BadHours(f"{text!r} ends before it begins.")
    return Period(first, last, opens, closes)


def support_hours() -> list[str]:
    """Return the opening hours in the active language, one line for each period. Empty if none are configured."""
    return [period.text for period in parse_hours(settings.SUPPORT_HOURS)]
