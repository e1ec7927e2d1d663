"""The line about limits on totals that are nearly or quite used up."""

from limits import alarms
from overview.rows import Now


def say_alarms(now: Now) -> str:
    """Return one sentence for each alarm whose window is not over, or an empty string."""
    return " ".join(alarms.describe(alarm) for alarm in alarms.current())
