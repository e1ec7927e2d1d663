"""Times as people say them on the phone."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.forms import DateTimeField, TimeField
from django.utils import timezone, translation
from django.utils.formats import localize
from time_machine import TimeMachineFixture

from common.clock import ago, day_and_clock, in_table, stamp

NOON = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)  # 12:00 in Copenhagen


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=-5), "today at 12:00 (just now)"),
        (timedelta(seconds=59), "today at 11:59 (just now)"),
        (timedelta(minutes=2), "today at 11:58 (2 min. ago)"),
        (timedelta(minutes=59, seconds=59), "today at 11:00 (59 min. ago)"),
        (timedelta(hours=1), "today at 11:00 (1 hour ago)"),
        (timedelta(hours=11, minutes=59), "today at 00:01 (11 hours ago)"),
        (timedelta(hours=12, minutes=1), "yesterday at 23:59 (12 hours ago)"),
        (timedelta(hours=36), "yesterday at 00:00 (36 hours ago)"),
        (timedelta(hours=37), "30 August 2026 at 23:00"),
    ],
)
def test_what_was_a_short_while_ago_is_said_so(time_machine: TimeMachineFixture, before: timedelta, said: str) -> None:
    time_machine.move_to(NOON, tick=False)
    with translation.override("en"):
        assert ago(timezone.now() - before) == said


def test_in_danish_a_table_has_a_colon_and_a_sentence_a_full_stop(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    with translation.override("da"):
        assert ago(timezone.now() - timedelta(minutes=2)) == "i dag 11:58 (for 2 min. siden)"
        assert ago(timezone.now() - timedelta(minutes=2), in_sentence=True) == "i dag kl. 11.58 (for 2 min. siden)"
        assert day_and_clock(timezone.now()) == "1. september 2026 kl. 12.00"


@pytest.mark.parametrize(("language", "said"), [("da", "30.08.2026 12:00"), ("en", "30 Aug 2026 12:00")])
def test_tables_have_one_format_for_times_before_yesterday(
    time_machine: TimeMachineFixture, language: str, said: str
) -> None:
    time_machine.move_to(NOON, tick=False)
    then = timezone.now() - timedelta(days=2)
    with translation.override(language):
        assert in_table(then) == said == localize(timezone.localtime(then))
        assert stamp(then) == f"{said}:00"
        assert in_table(timezone.now()) == ago(timezone.now())


@pytest.mark.parametrize("typed", ["12.00", "12:00", "12.00.00", "kl. 12.00", "12"])
def test_a_time_is_read_as_danes_type_it(typed: str) -> None:
    with translation.override("da"):
        assert TimeField().clean(typed) == time(12, 0)
        assert DateTimeField().clean(f"01.09.2026 {typed}".removesuffix(" 12")).date() == NOON.date()
