"""Counts belong to one limit and party, begin again with a new window, and are lifted with the account."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from limits import counting
from limits.catalogue import RESET_MAILS_OF_ACCOUNT as MAILS
from limits.catalogue import SMS_CALLER_OF_DEVICE_PER_DAY as CALLER
from limits.catalogue import SMS_TESTS_OF_DEVICE_PER_DAY as TESTS
from limits.limit import Use
from limits.models import LimitCounter
from tests.fixtures import MakeAccount

pytestmark = pytest.mark.django_db
NOW = "2026-09-01T08:00:00Z"


@pytest.fixture(autouse=True)
def _numbers(settings: Settings) -> None:
    settings.PASSWORD_RESET_MAILS_PER_HOUR = 3
    settings.SMS_TESTS_PER_DAY = 2
    settings.SMS_CALLER_PER_DAY = 1


def counts() -> dict[tuple[str, str], int]:
    return {(row.limit, row.party): row.count for row in LimitCounter.objects.all()}


def test_a_use_above_the_limit_is_refused_and_not_counted(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW, tick=False)
    assert [counting.take(MAILS, "a") for _ in range(3)] == [None] * 3
    refusal = counting.take(MAILS, "a")
    assert refusal is not None
    assert (refusal.limit, refusal.until, refusal.party) == (MAILS, timezone.now() + timedelta(hours=1), "a")
    assert counts() == {("reset_mails_account", "a"): 3}


def test_each_party_and_each_limit_has_a_budget_of_its_own() -> None:
    for _ in range(4):
        counting.take(MAILS, "a")
    assert counting.take(MAILS, "b") is None
    assert counting.take(TESTS, "a") is None


def test_a_window_begins_with_the_first_use_and_a_new_one_when_it_is_over(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW, tick=False)
    for _ in range(3):
        counting.take(MAILS, "a")
        time_machine.shift(timedelta(minutes=10))
    time_machine.shift(timedelta(minutes=30, seconds=-1))
    assert counting.take(MAILS, "a") is not None
    time_machine.shift(timedelta(seconds=1))
    assert counting.take(MAILS, "a") is None
    assert counts() == {("reset_mails_account", "a"): 1}


def test_a_count_is_one_statement() -> None:
    counting.take(MAILS, "a")
    with CaptureQueriesContext(connection) as captured:
        counting.take_all([Use(MAILS, "a"), Use(TESTS, "a"), Use(CALLER, "a", forced=True)])
    assert len(captured) == 1


def test_of_several_limits_one_refusal_counts_none_and_the_latest_end_is_said(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW, tick=False)
    counting.take(CALLER, "a")
    for _ in range(3):
        counting.take(MAILS, "a")
    before = counts()
    refusal = counting.take_all([Use(MAILS, "a"), Use(TESTS, "a"), Use(CALLER, "a")])
    assert refusal is not None
    assert (refusal.limit, refusal.until) == (CALLER, timezone.now() + timedelta(days=1))
    assert counts() == {**before, ("sms_test_day", "a"): 0}


def test_a_forced_use_is_counted_above_the_limit() -> None:
    for _ in range(3):
        assert counting.take_all([Use(CALLER, "a", forced=True)]) is None
    assert counts() == {("sms_caller_day", "a"): 3}
    assert counting.take(CALLER, "a") is not None


def test_a_limit_of_zero_allows_nothing(settings: Settings) -> None:
    settings.SMS_CALLER_PER_DAY = 0
    assert counting.take(CALLER, "a") is not None
    assert counts() == {}


def test_an_added_failure_counts_in_any_case_and_a_peek_counts_nothing() -> None:
    assert [counting.add(MAILS, "a") for _ in range(4)] == [1, 2, 3, 4]
    with CaptureQueriesContext(connection) as captured:
        refusal = counting.peek((TESTS, "a"), (MAILS, "a"), (MAILS, "b"))
    assert len(captured) == 1
    assert refusal is not None
    assert (refusal.limit, refusal.party) == (MAILS, "a")
    assert counting.peek((MAILS, "b")) is None
    assert counts() == {("reset_mails_account", "a"): 4}


def test_lifting_the_limits_of_an_account_leaves_those_of_others(make_account: MakeAccount) -> None:
    one, other = make_account("one111"), make_account("two222")
    for account in (one, other):
        counting.take(CALLER, str(account.pk), account_id=account.pk)
    counting.lift(one.pk)
    assert counting.take(CALLER, str(one.pk)) is None
    assert counting.take(CALLER, str(other.pk)) is not None


def test_the_digest_of_a_party_has_no_trace_of_the_number() -> None:
    assert counting.digest("+4526123478") == counting.digest("+4526123478") != counting.digest("+4526123479")
    assert "26123478" not in counting.digest("+4526123478")
