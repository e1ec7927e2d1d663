"""Reports limits on totals that are nearly or completely used up, as troubles."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from limits import alarms
from limits.models import LimitAlarm
from overview.registry import Trouble


def limit_troubles() -> Iterator[Trouble]:
    """Yield one trouble for each alarm whose window is not over, the worst first."""
    for alarm in alarms.current():
        reached = alarm.level == LimitAlarm.Level.REACHED
        tell = _("Too many codes have been sent. Use the authenticator app, or call again later.") if reached else ""
        yield Trouble(alarms.describe(alarm), tell, alarm.at)
