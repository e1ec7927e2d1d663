"""The text messages that stolen accounts can cause in an hour at most, computed from the catalogue and the settings.

The thief of an account has the password, phones at home and abroad, and a browser that is known. Windows begin with the
first use, so that sixty minutes around the end of a window can once hold twice as much.
"""

import math
from dataclasses import dataclass

from django.conf import settings

from limits import catalogue
from limits.catalogue.listing import HOUR
from limits.limit import Limit


@dataclass(frozen=True)
class Exposure:
    """The most messages of an hour, how many of them can go abroad, and what they cost in DKK."""

    messages: int
    abroad: int

    @property
    def cost(self) -> float:
        """The cost of the messages if as many as possible go abroad."""
        at_home = self.messages - self.abroad
        return float(at_home * settings.SMS_PRICE_AT_HOME + self.abroad * settings.SMS_PRICE_ABROAD)


def exposure(accounts: int) -> Exposure:
    """Return what that many stolen accounts can cause in an hour."""
    countries = len(set(settings.SMS_COUNTRIES) - set(settings.SMS_HOME_COUNTRIES))
    enrollment = _both(catalogue.SMS_ENROLL_OF_ACCOUNT_PER_HALF_HOUR, catalogue.SMS_ENROLL_OF_ACCOUNT_PER_DAY)
    enrollment = min(accounts * enrollment, _hourly(catalogue.SMS_ENROLL_PER_HOUR))
    notices = accounts * _hourly(catalogue.SMS_NOTICES_OF_ACCOUNT_PER_HOUR)
    notices = min(notices, _hourly(catalogue.SMS_NOTICES_PER_HOUR))
    asked = accounts * (
        _both(catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_HALF_HOUR, catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_DAY)
        + _both(catalogue.SMS_KNOWN_OF_ACCOUNT_PER_HALF_HOUR, catalogue.SMS_KNOWN_OF_ACCOUNT_PER_DAY)
    )
    # A reserve each for browsers that are known and for those that are not.
    reserve = accounts * 2 * _hourly(catalogue.SMS_RESERVE_OF_ACCOUNT_PER_HALF_HOUR)
    sign_ins = min(asked, _hourly(catalogue.SMS_SIGN_IN_PER_HOUR) + reserve)
    abroad = (
        min(enrollment, countries * _hourly(catalogue.SMS_ENROLL_ABROAD_PER_HOUR))
        + min(notices, countries * _hourly(catalogue.SMS_NOTICES_ABROAD_PER_HOUR))
        + min(asked, _hourly(catalogue.SMS_SIGN_IN_ABROAD_PER_HOUR))
    )
    return Exposure(enrollment + notices + sign_ins, abroad)


def _both(half_hour: Limit, day: Limit) -> int:
    return min(_hourly(half_hour), _hourly(day))


def _hourly(limit: Limit) -> int:
    """Return what one party can use of a limit in an hour that begins with its window."""
    return limit.number * max(1, math.ceil(HOUR / limit.window))
