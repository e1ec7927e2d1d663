"""Outboxes: the claim of a row, the pauses between tries, and publishing again."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from django.utils import timezone

from account_import.models import AccountImport
from accounts.models import Account
from common import outbox

State = AccountImport.State


def import_by(account: Account, **fields: Any) -> AccountImport:
    return AccountImport.objects.create(uploaded_by=account, file_name="a.csv", content=b"", **fields)


def test_the_second_of_two_claims_gets_nothing(administrator: Account) -> None:
    row = AccountImport.objects.filter(pk=import_by(administrator).pk, state=State.CHECKING)
    assert outbox.claim(row, state=State.READY)
    assert not outbox.claim(row, state=State.READY)


def test_each_try_has_its_own_pause(administrator: Account) -> None:
    now = timezone.now()
    pauses = [timedelta(minutes=1), timedelta(minutes=2)]
    ages = {0: 9.0, 1: 1.5, 2: 1.5, 3: 9.0}  # minutes since the last try, by number of tries (here the field `rows`)
    for tries, minutes in ages.items():
        import_by(administrator, rows=tries, state_at=now - timedelta(minutes=minutes))
    due = AccountImport.objects.filter(outbox.after_pause(now, "state_at", pauses, tries="rows"))
    assert [row.rows for row in due] == [1]


def test_without_pauses_nothing_is_due(administrator: Account) -> None:
    import_by(administrator, rows=1)
    assert not AccountImport.objects.filter(outbox.after_pause(timezone.now(), "state_at", [], tries="rows")).exists()


def test_the_oldest_are_published_again_up_to_the_limit(administrator: Account) -> None:
    rows = [import_by(administrator) for _ in range(3)]
    published: list[int] = []
    task = cast(Any, SimpleNamespace(delay=published.append))
    assert outbox.publish_again(AccountImport.objects.order_by("pk"), task, 2) == 2
    assert published == [row.pk for row in rows[:2]]
