"""The history: written through the product's own functions, the same for each seed, with a valid audit log."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from audit import sealing
from audit.models import SecurityEvent
from campaigns.models import EnrollmentCampaign
from demo import people
from demo.history import desk, filling
from demo.history.story import HistoryPlan
from helpdesk.models import Approval, Case
from mfa_sms.models import SmsDevice, TextMessage
from overview.models import HourlyFigure
from overview.rows import MEASURED

NOW = datetime(2026, 3, 6, 17, 30, tzinfo=UTC)  # a Friday
SMALL = HistoryPlan(days=13, people=60, visits=8, campaign=4, outage=2, blackout=3, guesses=(11, 9))

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _history(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Write the small history once for all tests of this module."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # allows durable transactions inside it
    with django_db_blocker.unblock(), block:
        for person in people.PEOPLE:
            people.ensure(person)
        assert filling.fill(SMALL, NOW, pause=0) == SMALL.days
        yield
        transaction.set_rollback(True)


history = pytest.mark.usefixtures("_history")


def kinds() -> dict[str, int]:
    found: dict[str, int] = {}
    for kind in SecurityEvent.objects.values_list("kind", flat=True):
        found[kind] = found.get(kind, 0) + 1
    return found


@history
def test_people_sign_in_enroll_and_mistype() -> None:
    found = kinds()
    for kind in (
        "signed_in",
        "device_enrolled",
        "code_refused",
        "account_imported",
        "helpdesk_action_performed",
        "role_granted",
    ):
        assert found.get(kind), found
    assert Account.objects.filter(is_student=True, is_employee=True).count() > 1
    assert SmsDevice.objects.filter(confirmed=True).exists()


@history
def test_messages_have_outcomes() -> None:
    statuses = set(TextMessage.objects.values_list("status", flat=True))
    assert {"delivered", "failed"} <= statuses, statuses
    assert not TextMessage.objects.filter(status__in=["queued", "sending"]).exists()


@history
def test_a_gateway_was_down_and_came_back() -> None:
    found = kinds()
    assert found.get("gateway_out_of_service"), found
    assert found.get("gateway_in_service"), found
    assert TextMessage.objects.filter(gateway="demo-reserve", status="delivered").exists()


@history
def test_the_campaign_is_half_way_through() -> None:
    campaign = EnrollmentCampaign.objects.get()
    assert campaign.is_open(NOW)
    gone = (NOW - campaign.opens_at) / (campaign.deadline - campaign.opens_at)
    assert 0.4 < gone < 0.7
    assert campaign.postponements.exists()


@history
def test_guessed_codes_have_left_one_case_closed_and_one_open() -> None:
    locked = Case.objects.filter(kind=Case.Kind.LOCKED)
    assert locked.filter(closed_at=None).count() == 1
    assert locked.exclude(closed_at=None).count() == 1
    assert Case.objects.filter(kind=Case.Kind.REPORTED, closed_at=None).exclude(taken_by=None).count() == 1


@history
def test_an_approval_waits_and_is_asked_for_once() -> None:
    desk.ask_approval()
    desk.ask_approval()
    approval = Approval.objects.get()
    assert approval.outcome == Approval.Outcome.WAITING
    assert approval.asked_by.username == people.SECOND_LEAD.username


@history
def test_the_figures_of_every_day_are_counted() -> None:
    measured = HourlyFigure.objects.filter(series="counted", label=MEASURED)
    assert len({timezone.localdate(hour) for hour in measured.values_list("hour", flat=True)}) == SMALL.days
    assert HourlyFigure.objects.filter(series="messages", label="delivered").exists()


@history
def test_nothing_is_later_than_now() -> None:
    assert (
        not SecurityEvent.objects.filter(at__gt=NOW, account__created_at__lt=NOW).exclude(kind="role_granted").exists()
    )
    assert not TextMessage.objects.filter(created_at__gt=NOW).exists()


@history
def test_the_audit_log_is_valid_and_sealed_after_it() -> None:
    assert filling.left(SMALL) == 0
    sealing.seal()
    out = io.StringIO()
    call_command("verify_events", stdout=out, stderr=io.StringIO())
    assert "are in order, 0 are not sealed yet" in out.getvalue()


@history
def test_nothing_is_written_twice() -> None:
    before = SecurityEvent.objects.count()
    assert filling.fill(SMALL, NOW + timedelta(days=1), pause=0) == 0
    assert SecurityEvent.objects.count() == before
