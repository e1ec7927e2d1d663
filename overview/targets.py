"""Targets: when everybody should be enrolled. The app that sets targets registers them for a figure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from common import clock
from overview.rows import Rows


@dataclass(frozen=True)
class Target:
    """A straight line from the first measured share in percent to 100 % at its deadline."""

    name: str
    opens_at: datetime
    deadline: datetime
    share: float

    @property
    def heading(self) -> str:
        """The label: name and deadline."""
        return _("Target: %(name)s, %(day)s") % {"name": self.name, "day": clock.day(self.deadline)}

    def at(self, moment: datetime) -> float | None:
        """Return the target percentage at `moment`, or None before the opening and after the deadline."""
        if not self.opens_at <= moment <= self.deadline:
            return None
        gone = (moment - self.opens_at) / (self.deadline - self.opens_at)
        return round(self.share + (100 - self.share) * gone, 1)

    def points(self, slots: Sequence[datetime], length: timedelta) -> list[tuple[float, float]]:
        """Return both ends of the line as (slot index, percentage), clipped to the axis."""
        begin = max(self.opens_at, slots[0])
        end = min(self.deadline, slots[-1])
        return [((moment - slots[0]) / length, self.at(moment) or 0.0) for moment in (begin, end)]


@dataclass(frozen=True)
class TargetSource:
    """Finds the targets of the figure with the slug `figure`, in the rows of a gauge that is read with the figure."""

    figure: str
    gauge: str
    find: Callable[[Rows], list[Target]]
