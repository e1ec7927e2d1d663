"""Two tasks that count at the same time."""

from collections.abc import Callable
from functools import partial

import pytest
from django.utils import timezone

from audit.models import SecurityEvent
from mfa_sms.tests.races import at_once
from overview import counting
from overview.models import HourlyFigure

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


def test_two_counts_at_once_give_what_one_gives() -> None:
    for _number in range(3):
        SecurityEvent.objects.create(kind="limit_reached", reason="password_name")
    backfill = partial(counting.backfill, timezone.now() - counting.HOUR, lambda until: None)
    calls: list[Callable[[], None]] = [counting.count_figures, counting.count_figures, backfill, backfill]
    assert at_once(calls) == [None] * 4
    assert [row.value for row in HourlyFigure.objects.filter(series="locks")] == [3]
