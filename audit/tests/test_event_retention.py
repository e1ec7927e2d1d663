"""The client info of an event is removed after its retention period. The event remains, and the chain verifies."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit import event_retention, sealing
from audit.models import SecurityEvent
from audit.tests.seals import ago, findings, write
from common import batches, retention

pytestmark = pytest.mark.django_db
BLANK = ("", None, None, "")


def clients() -> list[tuple[str, str | None, str | None, str]]:
    rows = SecurityEvent.objects.order_by("pk")
    return list(rows.values_list("client_salt", "address", "network", "browser"))


def test_asvs_14_2_7_address_and_browser_go_after_a_year_and_the_event_stays() -> None:
    (old,) = write(at=ago(days=365, seconds=1), reason="r")
    write(at=ago(days=364, hours=23))
    before = SecurityEvent.objects.get(pk=old)
    retention.run_retention_step.delay("event_clients")
    assert clients()[0] == BLANK
    assert clients()[1][1:] == ("192.0.2.7", "192.0.2.7", "Firefox")
    after = SecurityEvent.objects.get(pk=old)
    assert (after.at, after.kind, after.reason, after.client_digest) == (
        before.at,
        before.kind,
        before.reason,
        before.client_digest,
    )


def test_asvs_14_2_7_what_is_kept_is_a_setting(settings: Settings) -> None:
    settings.EVENT_CLIENT_KEPT = timedelta(days=10)
    write(at=ago(days=11))
    assert event_retention.anonymize_events() == 1
    assert findings() == []


def test_asvs_14_2_7_the_chain_still_verifies_afterwards() -> None:
    write(3, at=ago(days=364))
    sealing.seal()
    write(2)
    sealing.seal()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert event_retention.anonymize_events() == 3
        assert [client == BLANK for client in clients()] == [True, True, True, False, False]
        assert findings() == []


def test_asvs_14_2_7_one_event_with_a_wrong_time_keeps_no_other() -> None:
    write(at=timezone.now() + timedelta(days=900))
    write(2, at=ago(days=400))
    assert event_retention.anonymize_events() == 2


def test_more_than_a_batch_goes_in_several_and_a_second_run_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    write(7, at=ago(days=400))
    with CaptureQueriesContext(connection) as queries:
        assert event_retention.anonymize_events() == 7
    assert [query["sql"].split()[0] for query in queries] == ["SELECT", "UPDATE"] * 3 + ["SELECT"]
    with CaptureQueriesContext(connection) as queries:
        assert event_retention.anonymize_events() == 0
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the planner of PostgreSQL")
def test_what_is_done_already_is_not_read_again() -> None:
    write(20, at=ago(days=400))
    event_retention.anonymize_events()
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
        cursor.execute("ANALYZE audit_securityevent")  # the planner then knows how few rows are left
        cursor.execute("SET LOCAL enable_seqscan = off")
        event_retention.anonymize_events()
        cursor.execute("EXPLAIN " + queries.captured_queries[-1]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "event_with_client" in plan
