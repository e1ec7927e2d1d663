"""Times as people read them."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def clock(moment: datetime) -> str:
    """Return the local clock time, "14.15" in Danish and "14:15" in English."""
    # Translators: a clock time in a sentence, as a format of Django's date filter.
    return date_format(timezone.localtime(moment), pgettext("clock time", "H:i"))


def day(moment: datetime) -> str:
    """Return the local day, "5. marts 2025" in Danish and "5 March 2025" in English."""
    # Translators: a day, as a format of Django's date filter.
    return date_format(timezone.localtime(moment), pgettext("day", "j F Y"))


def day_and_clock(moment: datetime) -> str:
    """Return day and clock time, "5. marts 2025 kl. 14.05" in Danish and "5 March 2025 at 14:05" in English."""
    return _("%(day)s at %(time)s") % {"day": day(moment), "time": clock(moment)}


def clock_up(moment: datetime) -> str:
    """Return the clock time of the first full minute not before the moment: "try again at" must not be too early."""
    return clock(moment + timedelta(seconds=59))
