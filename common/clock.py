"""Dates and times for people to read, in the local time zone."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext


def clock(moment: datetime) -> str:
    """Return the local clock time, "14.15" in Danish and "14:15" in English."""
    # Translators: a clock time in a sentence, as a format of Django's date filter.
    return date_format(timezone.localtime(moment), pgettext("clock time", "H:i"))


def day(moment: datetime) -> str:
    """Return the local day, "5. marts 2025" in Danish and "5 March 2025" in English."""
    return calendar_day(timezone.localdate(moment))


def calendar_day(date: date) -> str:
    """Return the day, "5. marts 2025" in Danish and "5 March 2025" in English."""
    # Translators: a day, as a format of Django's date filter.
    return date_format(date, pgettext("day", "j F Y"))


def day_and_clock(moment: datetime) -> str:
    """Return the day and the time, "5. marts 2025 kl. 14.05" in Danish and "5 March 2025 at 14:05" in English."""
    return _("%(day)s at %(time)s") % {"day": day(moment), "time": clock(moment)}


def stamp(moment: datetime) -> str:
    """Return the local time as in tables, to the second: "05.03.2025 14:05:00" in Danish. It distinguishes rows."""
    return date_format(timezone.localtime(moment), f"{get_format('DATETIME_FORMAT')}:s")


def in_table(moment: datetime) -> str:
    """Return the time for a table: "today at 14:05 (2 min. ago)", or "5 Mar 2025 14:05" before yesterday.

    Django formats the other times of a table the same way, by `DATETIME_FORMAT`.
    """
    if (timezone.localdate() - timezone.localdate(moment)).days > 1:
        return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    return ago(moment)


def ago(moment: datetime, *, in_sentence: bool = False) -> str:
    """Return the time and how long ago it was, for example "today at 14:05 (2 min. ago)".

    In Danish it is "i dag kl. 14.05" in a sentence, and "i dag 14:05" in a table. The age is shown only for today and
    yesterday. Older moments show the day and the time, and a future moment counts as now.
    """
    days = (timezone.localdate() - timezone.localdate(moment)).days
    if days > 1:
        return day_and_clock(moment)
    if in_sentence:
        said = pgettext("sentence", "yesterday at %(time)s") if days == 1 else pgettext("sentence", "today at %(time)s")
        then = said % {"time": clock(moment)}
    else:
        said = _("yesterday at %(time)s") if days == 1 else _("today at %(time)s")
        then = said % {"time": _short(moment)}
    # Translators: %(when)s is "today at 14:05", %(ago)s is "2 min. ago".
    return _("%(when)s (%(ago)s)") % {"when": then, "ago": _ago(moment)}


def _short(moment: datetime) -> str:
    """Return the local time as in tables: "H:i", with a colon in Danish too."""
    return date_format(timezone.localtime(moment), "H:i")


def _ago(moment: datetime) -> str:
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(count)d min. ago") % {"count": minutes}
    return ngettext("%(count)d hour ago", "%(count)d hours ago", minutes // 60) % {"count": minutes // 60}


def when(moment: datetime) -> str:
    """Return when to come back: "at 14:05", "tomorrow at 14:05" or "on 5 March 2025 at 14:05".

    It names the day unless it is today.
    """
    days = (timezone.localdate(moment) - timezone.localdate()).days
    words = {"time": clock(moment), "day": day(moment)}
    if days == 0:
        return pgettext("when", "at %(time)s") % words
    if days == 1:
        return pgettext("when", "tomorrow at %(time)s") % words
    return pgettext("when", "on %(day)s at %(time)s") % words


def when_up(moment: datetime) -> str:
    """Return `when` with the time rounded up to the next full minute, so that "try again" is never too early."""
    return when(moment + timedelta(seconds=59))


def clock_up(moment: datetime) -> str:
    """Return the time rounded up to the next full minute, so that "try again at" is never too early."""
    return clock(moment + timedelta(seconds=59))
