"""Template filters for dates and times."""

from datetime import datetime

from django import template

from common import clock

register = template.Library()


@register.filter
def day(moment: datetime) -> str:
    """Return the day, "5. marts 2025" in Danish and "5 March 2025" in English."""
    return clock.day(moment)


@register.filter(name="clock")
def clock_time(moment: datetime) -> str:
    """Return the local clock time."""
    return clock.clock(moment)


@register.filter
def day_and_clock(moment: datetime) -> str:
    """Return the day and the time, "5. marts 2025 kl. 14.05" in Danish and "5 March 2025 at 14:05" in English."""
    return clock.day_and_clock(moment)


@register.filter
def ago(moment: datetime) -> str:
    """Return the time and how long ago it was, for example "today at 14:05 (2 min. ago)"."""
    return clock.ago(moment)


@register.filter
def in_table(moment: datetime) -> str:
    """Return the time for a table: "today at 14:05 (2 min. ago)", or "5 Mar 2025 14:05" before yesterday."""
    return clock.in_table(moment)


@register.filter
def ago_in_sentence(moment: datetime) -> str:
    """Return `ago` as it is written in a sentence."""
    return clock.ago(moment, in_sentence=True)
