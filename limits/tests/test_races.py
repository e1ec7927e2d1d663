"""Limits are exact when many processes count at once."""

from functools import partial

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from limits import counting, refusals
from limits.catalogue import LIMITS
from limits.catalogue import SMS_ENROLL_PER_HOUR as TOTAL
from limits.limit import Limit, Use
from limits.models import LimitAlarm, LimitCounter, LimitRefusal
from mfa_sms.tests.races import at_once
from tests.helpers import kinds

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]
COUNTED = [limit for limit in LIMITS.values() if limit.counted]


@pytest.mark.parametrize("limit", COUNTED, ids=lambda limit: limit.name)
def test_of_twenty_uses_at_once_as_many_pass_as_the_limit_allows(limit: Limit, settings: Settings) -> None:
    setattr(settings, limit.setting, 7)
    results = at_once([partial(counting.take, limit, "a")] * 20)
    assert results.count(None) == 7
    assert LimitCounter.objects.get().count == 7


def test_transactions_that_take_several_limits_in_any_order_do_not_deadlock(settings: Settings) -> None:
    settings.SMS_ENROLL_PER_HOUR = 5
    uses = [Use(limit, "a") for limit in COUNTED if limit.number > 20] + [Use(TOTAL, "a")]
    results = at_once([partial(counting.take_all, uses[:: 1 - 2 * (number % 2)]) for number in range(20)])
    assert results.count(None) == 5
    assert {row.count for row in LimitCounter.objects.all()} == {5}


def test_of_twenty_counts_at_once_one_raises_each_alarm(settings: Settings) -> None:
    settings.SMS_ENROLL_PER_HOUR = 10
    at_once([partial(counting.take, TOTAL, "a")] * 20)
    assert sorted(LimitAlarm.objects.values_list("level", flat=True)) == ["reached", "warning"]


def test_of_twenty_refusals_at_once_one_writes_the_event(settings: Settings, time_machine: TimeMachineFixture) -> None:
    from common.client_info import ClientInfo

    settings.SMS_ENROLL_PER_HOUR = 0
    time_machine.move_to(timezone.now(), tick=False)  # no new minute in between
    refusal = counting.take(TOTAL, "a")
    assert refusal is not None
    at_once([partial(refusals.record, refusal, ClientInfo(address="192.0.2.1"))] * 20)
    assert kinds() == ["limit_reached"]
    assert LimitRefusal.objects.get().total == 20
