"""The lock of a request for a code: two indexed look-ups, however many devices there are."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from mfa_sms import sending
from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import ask
from mfa_sms.tests.races import at_once
from tests.fixtures import MakeAccount, confirmed_phone


def plan_of_lock(phone: SmsDevice) -> str:
    """Return the plan of the statement that locks, without its cost limits."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        sending._lock(phone.pk, phone.user_id)
    (query,) = captured.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {query['sql']}")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_the_devices_of_the_account_and_those_with_the_number_are_locked(
    phone: SmsDevice, make_account: MakeAccount
) -> None:
    second = confirmed_phone(phone.user, "+4526123499")
    same = confirmed_phone(make_account("xyz123"), str(phone.number))
    confirmed_phone(make_account("xyz124"), "+4526123400")
    assert [row.pk for row in sending._lock(phone.pk, phone.user_id)] == sorted([phone.pk, second.pk, same.pk])


def test_the_number_of_another_account_is_not_looked_up(phone: SmsDevice, make_account: MakeAccount) -> None:
    stranger: Account = make_account("xyz123")
    assert sending._lock(phone.pk, stranger.pk) == []


@pytest.mark.postgresql
@pytest.mark.django_db
def test_no_table_is_scanned(phone: SmsDevice) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("reads plans of PostgreSQL")
    plan = plan_of_lock(phone)
    assert "Seq Scan" not in plan, plan
    assert "Index" in plan


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_accounts_that_share_numbers_do_not_wait_for_each_other_in_a_circle(make_account: MakeAccount) -> None:
    devices = []
    for name in ("xyz121", "xyz122", "xyz123"):
        account = make_account(name)
        devices += [confirmed_phone(account, number) for number in ("+4526123491", "+4526123492")]
    jobs: list[Any] = [partial(ask, device) for device in [*devices, *reversed(devices)]]
    assert len(at_once(jobs)) == 12
