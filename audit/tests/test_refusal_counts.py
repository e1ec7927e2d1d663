"""Refusals without an account are counted: one row per kind, reason, network and minute."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from audit import refusals
from audit.kinds import EventKind
from audit.models import RefusalCount, SecurityEvent
from common import references, retention
from common.client_info import ClientInfo
from mfa_sms.tests.races import at_once

KIND = EventKind("service_refused", "Service refused")
HERE = ClientInfo("192.0.2.7", "Firefox", "K7F3-92")

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[str, str, int]]:
    return list(RefusalCount.objects.order_by("pk").values_list("reason", "network", "count"))


def test_k6_a_thousand_refusals_in_a_minute_are_one_row_and_no_event() -> None:
    with time_machine.travel("2026-03-02 12:00:10+01:00", tick=False):
        for _time in range(1000):
            refusals.count_refusal(KIND, HERE, "unknown_client")
    assert rows() == [("unknown_client", "192.0.2.7", 1000)]
    assert not SecurityEvent.objects.exists()


def test_another_minute_reason_or_address_is_another_row() -> None:
    with time_machine.travel("2026-03-02 12:00:10+01:00", tick=False) as clock:
        refusals.count_refusal(KIND, HERE, "scope")
        refusals.count_refusal(KIND, HERE)
        refusals.count_refusal(KIND, ClientInfo("192.0.2.8"), "scope")
        clock.shift(timedelta(minutes=1))
        refusals.count_refusal(KIND, HERE, "scope")
    assert rows() == [
        ("scope", "192.0.2.7", 1),
        ("", "192.0.2.7", 1),
        ("scope", "192.0.2.8", 1),
        ("scope", "192.0.2.7", 1),
    ]


def test_k6_the_addresses_of_an_ipv6_site_share_a_row() -> None:
    with time_machine.travel("2026-03-02 12:00:10+01:00", tick=False):
        for number in range(20):
            refusals.count_refusal(KIND, ClientInfo(f"2001:db8:7:{number:x}::1"))
        refusals.count_refusal(KIND, ClientInfo())
        refusals.count_refusal(KIND, ClientInfo())
    assert rows() == [("", "2001:db8:7::/48", 20), ("", "", 2)]


def test_the_row_keeps_the_first_references_and_no_more_than_it_has_room_for() -> None:
    shown = [references.new_reference() for _time in range(60)]
    with time_machine.travel("2026-03-02 12:00:10+01:00", tick=False):
        refusals.count_refusal(KIND, ClientInfo("192.0.2.7"))
        for reference in shown:
            refusals.count_refusal(KIND, ClientInfo("192.0.2.7", reference=reference))
    row = RefusalCount.objects.get()
    assert (row.count, row.shown_references.split()) == (61, shown[:40])
    assert list(refusals.counts_of_reference(shown[7])) == [row]
    assert not refusals.counts_of_reference(shown[50]).exists()


def test_asvs_14_2_7_old_counts_are_deleted() -> None:
    refusals.count_refusal(KIND, HERE)
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        refusals.count_refusal(KIND, HERE, "new")
        retention.run_retention_step.delay("refusal_counts")
    assert rows() == [("new", "192.0.2.7", 1)]


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_k6_simultaneous_refusals_are_all_counted() -> None:
    at_once([lambda: refusals.count_refusal(KIND, HERE)] * 8)
    assert sum(count for _reason, _network, count in rows()) == 8
