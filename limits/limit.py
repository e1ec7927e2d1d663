"""The types of a limit and of a refusal."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise

EVERYBODY = "all"  # the party of a limit on everything
NAME_LENGTH = 32  # as long as the reason of a security event


@dataclass(frozen=True)
class Limit:
    """How often one party may do something in a window of time.

    - `scope`: who shares one budget, for docs/limits.md.
    - `setting`: the name of the setting with the number.
    - `every`: the length of a window, or the name of its setting; None for a window without an end.
    - `reason`: why the number is what it is, for docs/limits.md.
    - `told`: what the person reads, the heading of the page. Empty if no one reads anything.
    - `instead`: what else the person can do.
    - `alarms`: whether operators are told at 80 % and at 100 %. For limits on a total, which costs money.
    - `counted`: whether `limits.counting` counts it. Other limits are properties of a row, such as a challenge.
    """

    name: str
    scope: str | Promise
    setting: str
    every: timedelta | str | None
    reason: str
    told: str | Promise = ""
    instead: str | Promise = ""
    alarms: bool = False
    counted: bool = True

    @property
    def number(self) -> int:
        """How much the party may use in one window."""
        return int(getattr(settings, self.setting))

    @property
    def window(self) -> timedelta:
        """The length of a window, which begins with the first use. Without an end, `timedelta.max`."""
        every = getattr(settings, self.every) if isinstance(self.every, str) else self.every
        return timedelta.max if every is None else every


@dataclass(frozen=True)
class Refusal:
    """The limit allows nothing more before `until`."""

    limit: Limit
    until: datetime
    party: str = ""


@dataclass(frozen=True)
class Use:
    """One use of a limit by a party. A `forced` use is counted even above the limit, and never refused.

    `label` names the party to operators. It is needed for limits with alarms only.
    """

    limit: Limit
    party: str
    account_id: int | None = None
    forced: bool = False
    label: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The values that identify the counter."""
        return self.limit.name, self.party
