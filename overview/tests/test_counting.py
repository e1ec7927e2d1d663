"""A run of the task counts the right hours, is idempotent, and fills missing hours."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from notices import events as notice_events
from overview import counting
from overview.models import HourlyFigure
from overview.tests.helpers import HOUR, counted, full
from sign_in.methods import events
from tests.fixtures import MakeAccount, confirmed_phone

pytestmark = pytest.mark.django_db


def throttled(at: datetime) -> None:
    SecurityEvent.objects.create(kind="limit_reached", reason="password_name", at=at)


def hours(series: str = "locks") -> list[datetime]:
    return sorted(hour for hour, _label in counted(series))


def test_an_event_counts_in_its_hour_and_in_no_other(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 9, 1, 12, 30, tzinfo=UTC), tick=False)
    for at in ("10:59:59.999999", "11:00:00", "11:59:59.999999", "12:00:00"):
        throttled(datetime.fromisoformat(f"2026-09-01T{at}+00:00"))
    counting.count_figures()
    assert counted("locks") == {
        (datetime(2026, 9, 1, 10, tzinfo=UTC), "passwords"): 1,
        (datetime(2026, 9, 1, 11, tzinfo=UTC), "passwords"): 2,
        (datetime(2026, 9, 1, 12, tzinfo=UTC), "passwords"): 1,
    }


def test_the_hour_that_the_clock_repeats_in_october_is_two_hours(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 10, 25, 4, 0, tzinfo=UTC), tick=False)
    throttled(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))  # 02:30 in summer time
    throttled(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))  # 02:30 in winter time
    counting.count_figures()
    assert hours() == [datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]


def test_counting_again_changes_no_row_but_when_it_was(student: Account) -> None:
    confirmed_phone(student)
    throttled(timezone.now())
    counting.count_figures()
    before = set(HourlyFigure.objects.exclude(series="counted").values_list())
    counting.count_figures()
    assert before == set(HourlyFigure.objects.exclude(series="counted").values_list())
    assert before


def test_what_comes_late_is_counted_with_the_last_48_hours_once_an_hour(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 9, 1, 12, 1, tzinfo=UTC), tick=False)
    counting.count_figures()
    throttled(timezone.now() - 40 * HOUR)
    counting.count_figures()
    assert hours() == []
    time_machine.shift(HOUR)
    counting.count_figures()
    assert len(hours()) == 1


def test_what_comes_late_to_the_last_three_hours_is_counted_at_once() -> None:
    counting.count_figures()
    throttled(timezone.now() - 3 * HOUR)
    throttled(timezone.now() - 4 * HOUR)
    counting.count_figures()
    assert hours() == [full(timezone.now()) - 3 * HOUR]


def test_a_label_that_is_no_longer_there_is_deleted() -> None:
    stale = {"series": "locks", "label": "report", "affiliation": "student", "language": "da", "value": 3}
    HourlyFigure.objects.create(hour=full(timezone.now()), **stale)
    old = HourlyFigure.objects.create(hour=full(timezone.now()) - timedelta(days=30), **stale)
    counting.count_figures()
    assert HourlyFigure.objects.filter(series="locks").get() == old


def test_hours_that_a_pause_has_left_out_are_filled(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 9, 1, 12, 30, tzinfo=UTC), tick=False)
    counting.count_figures()
    time_machine.shift(timedelta(days=5))
    throttled(timezone.now() - timedelta(days=4))
    counting.count_figures()
    assert hours() == [full(timezone.now()) - timedelta(days=4)]


def test_a_pause_is_filled_up_to_a_bound_and_no_further(settings: Settings) -> None:
    settings.OVERVIEW_CATCH_UP = timedelta(days=3)
    throttled(timezone.now() - timedelta(days=4))
    counting.count_figures()
    assert hours() == []
    assert min(hours("counted")) == full(timezone.now()) - timedelta(days=3)


def test_the_backfill_counts_from_a_day_on() -> None:
    since = timezone.localdate() - timedelta(days=60)
    throttled(timezone.now() - timedelta(days=59))
    throttled(timezone.now() - timedelta(days=62))
    call_command("count_figures", since=since, verbosity=0)
    assert hours() == [full(timezone.now()) - timedelta(days=59)]


def test_the_backfill_does_not_say_that_the_task_has_run() -> None:
    call_command("count_figures", since=timezone.localdate() - timedelta(days=1), verbosity=0)
    assert not HourlyFigure.objects.filter(series="counted", label="now").exists()


def test_a_backfill_from_a_day_to_come_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("count_figures", since=timezone.localdate() + timedelta(days=1))


def test_hours_older_than_two_years_are_deleted_at_night() -> None:
    counting.count_figures()
    kept = HourlyFigure.objects.count()
    for days in (729, 731):
        hour = full(timezone.now()) - timedelta(days=days)
        HourlyFigure.objects.create(hour=hour, series="locks", label="report", value=1)
    assert counting.purge_figures() == 1
    assert HourlyFigure.objects.count() == kept + 1


def test_accounts_are_counted_by_affiliation_and_language(make_account: MakeAccount) -> None:
    confirmed_phone(make_account("abc123", is_student=True))
    make_account("abc124", is_student=True, language="en")
    make_account("abc125", is_student=True, is_employee=True)
    make_account("abc126", is_student=True, is_staff=True)
    confirmed_phone(make_account("abc127", is_student=True, is_active=False), "+4526123479")
    counting.count_figures()
    found = HourlyFigure.objects.filter(series="accounts").values_list("label", "affiliation", "language", "value")
    assert set(found) == {
        ("student:all", "student", "da", 1),
        ("student:enrolled", "student", "da", 1),
        ("student:all", "student", "en", 1),
        ("employee:all", "employee", "da", 2),
    }


def test_what_stands_is_measured_for_the_running_hour_alone(time_machine: TimeMachineFixture, phone: object) -> None:
    time_machine.move_to(datetime(2026, 9, 1, 12, 30, tzinfo=UTC), tick=False)
    counting.count_figures()
    assert hours("methods") == [datetime(2026, 9, 1, 12, tzinfo=UTC)]


def test_locks_are_counted_by_method_and_reports_by_whether_they_locked(student: Account) -> None:
    device = confirmed_phone(student)
    events.device_disabled(student, device, ClientInfo())
    notice_events.reported(student, "device_added", "1", ClientInfo(), device)
    notice_events.reported(student, "second_factor_missing", "2", ClientInfo())
    counting.count_figures()
    assert {label: value for (_hour, label), value in counted("locks").items()} == {"codes:mfa_sms": 1, "report": 1}
