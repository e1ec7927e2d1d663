"""Events and seals are append-only: the ORM refuses changes, and on PostgreSQL the database does too (ASVS 16.4.2)."""

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.db.models.deletion import Collector
from django.db.models.sql.subqueries import UpdateQuery

from accounts.models import Account
from audit import sealing
from audit.models import AppendOnly, EventSeal, SecurityEvent
from audit.tests.seals import EVENTS, SEALS, write

pytestmark = pytest.mark.django_db

Change = Callable[[Any], Any]


@pytest.fixture
def event(student: Account) -> SecurityEvent:
    write(account=student)
    sealing.seal()
    return SecurityEvent.objects.get()


def collect(row: Any) -> None:
    collector = Collector(using="default", origin=row)
    collector.collect([row])
    collector.delete()


def reload_fixture(row: Any) -> None:
    for found in serializers.deserialize("json", serializers.serialize("json", [row])):
        found.save()


ROWS: list[Change] = [
    lambda row: row.save(),
    lambda row: row.save(force_update=True),
    lambda row: async_to_sync(row.asave)(),
    lambda row: row.delete(),
    lambda row: async_to_sync(row.adelete)(),
    lambda row: row.save_base(),
    reload_fixture,
    collect,
    lambda row: type(row).objects.update(pk=7),
    lambda row: type(row).objects.delete(),
    lambda row: type(row).objects.all().delete(),
    lambda row: async_to_sync(type(row).objects.all().aupdate)(pk=7),
    lambda row: async_to_sync(type(row).objects.all().adelete)(),
    lambda row: type(row).objects.bulk_update([row], ["previous"]),
    lambda row: async_to_sync(type(row).objects.all().abulk_update)([row], ["previous"]),
    lambda row: type(row).objects.bulk_create([row], update_conflicts=True, update_fields=["x"], unique_fields=["pk"]),
    lambda row: type(row).objects.bulk_create([row], None, True),
    lambda row: async_to_sync(type(row).objects.all().abulk_create)([row], ignore_conflicts=True),
    lambda row: type(row).objects.bulk_create([row]),
    lambda row: type(row).objects.all()._raw_delete("default"),
    lambda row: type(row).objects.all()._update([]),
    lambda row: type(row)._base_manager.filter(pk=row.pk).update(pk=7),
    lambda row: type(row)._base_manager.all()._raw_delete("default"),
    lambda row: type(row).objects.update_or_create(pk=row.pk, defaults={"pk": row.pk}),
    lambda row: async_to_sync(type(row).objects.all().aupdate_or_create)(pk=row.pk, defaults={"pk": row.pk}),
]
RELATED: list[Change] = [
    lambda event: event.actor.events.add(event),
    lambda event: event.actor.events.add(event, bulk=False),
    lambda event: event.account.events.remove(event),
    lambda event: event.account.events.clear(),
    lambda event: event.account.events.clear(bulk=False),
    lambda event: event.account.events.set([]),
    lambda event: event.account.events.update(reason="x"),
    lambda event: event.account.events.delete(),
    lambda event: event.account.events.update_or_create(pk=event.pk, defaults={"reason": "x"}),
    lambda event: async_to_sync(event.account.events.aclear)(),
]


def rows() -> list[Any]:
    return [*SecurityEvent.objects.values_list(), *(tuple(map(str, row)) for row in EventSeal.objects.values_list())]


def refused(change: Change, row: Any) -> None:
    before = rows()
    with pytest.raises((AppendOnly, IntegrityError)), transaction.atomic():
        change(row)
    assert rows() == before


@pytest.mark.parametrize("change", ROWS)
def test_asvs_16_4_2_an_event_is_changed_by_no_way_of_the_orm(event: SecurityEvent, change: Change) -> None:
    event.reason = "changed"
    refused(change, event)


@pytest.mark.parametrize("change", ROWS)
def test_asvs_16_4_2_a_seal_is_changed_by_no_way_of_the_orm(event: SecurityEvent, change: Change) -> None:
    seal = EventSeal.objects.get()
    seal.previous = "changed"
    refused(change, seal)


@pytest.mark.parametrize("change", RELATED)
def test_asvs_16_4_2_an_event_is_not_changed_through_its_account(
    event: SecurityEvent, helpdesk: Account, change: Change
) -> None:
    event.actor = helpdesk
    refused(change, event)


def test_asvs_16_4_2_there_is_no_way_around_a_key_that_is_taken(event: SecurityEvent) -> None:
    seal = EventSeal.objects.get()
    refused(lambda row: EventSeal(number=row.number, count=0, watermark_id=0, last_id=0, row_digests=b"").save(), seal)


only_postgresql = [
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such trigger"),
]


def run(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(events=EVENTS, seals=SEALS))
        return int(cursor.rowcount)


class TestTrigger:
    pytestmark = only_postgresql

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM {events}",
            "UPDATE {events} SET reason = 'x'",
            "UPDATE {events} SET reason = reason",
            "UPDATE {events} SET id = id + 1",
            "UPDATE {events} SET address = '192.0.2.3'",
            "UPDATE {events} SET address = NULL",
            "UPDATE {events} SET address = NULL, network = NULL, browser = ''",
            "UPDATE {events} SET address = NULL, network = NULL, browser = 'x', client_salt = ''",
            "UPDATE {events} SET address = NULL, network = NULL, browser = '', client_salt = '', reason = 'x'",
            "UPDATE {events} SET address = NULL, network = NULL, browser = '', client_salt = '', device_id = 1",
            "UPDATE {events} SET address = NULL, network = NULL, browser = '', client_salt = '', client_digest = ''",
            "DELETE FROM {seals}",
            "UPDATE {seals} SET digest = 'x'",
            "UPDATE {seals} SET digest = digest",
        ],
    )
    def test_asvs_16_4_2_the_database_refuses_to_change_what_is_written(
        self, event: SecurityEvent, statement: str
    ) -> None:
        before = rows()
        with pytest.raises(IntegrityError, match="only added to"):
            run(statement)
        assert rows() == before

    def test_asvs_16_4_2_the_database_refuses_what_goes_past_the_orm(self, event: SecurityEvent) -> None:
        query = UpdateQuery(SecurityEvent)
        query.add_update_values({"reason": "x"})
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
            query.get_compiler("default").execute_sql(None)

    def test_an_origin_is_taken_away_and_nothing_is_put_back(self, event: SecurityEvent) -> None:
        assert run("UPDATE {events} SET address = NULL, network = NULL, browser = '', client_salt = ''") == 1
        with pytest.raises(IntegrityError, match="only added to"):
            run("UPDATE {events} SET address = '192.0.2.3'")
