"""Old data is deleted in small steps. What statistics need remains."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from common import batches
from common import retention as registry
from mfa_sms import numbers, retention
from mfa_sms.models import Attempt, Challenge, HumanCheck, Receipt, SmsDevice, TextMessage
from mfa_sms.tests.helpers import queued

NOTHING = {"receipts": 0, "messages": 0, "challenges": 0, "human_checks": 0}


@pytest.fixture(autouse=True)
def _periods(settings: Settings) -> None:
    settings.SMS_RECEIPTS_KEPT = timedelta(days=30)
    settings.SMS_NUMBERS_KEPT = timedelta(days=90)
    settings.SMS_CHALLENGES_KEPT = timedelta(days=1)


def ago(**period: float) -> Any:
    return timezone.now() - timedelta(**period)


def receipts(count: int, **age: float) -> None:
    Receipt.objects.bulk_create(
        Receipt(gateway="fake", event_id=f"{age}-{number}", raw="+4526123478", state="sent", received_at=ago(**age))
        for number in range(count)
    )


def messages(phone: SmsDevice, count: int, **age: float) -> list[TextMessage]:
    """Create delivered messages, each with an attempt, and without a challenge."""
    fields = {"account": phone.user, "device": phone, "number": phone.number, "purpose": "sign_in", "language": "da"}
    made = TextMessage.objects.bulk_create(
        TextMessage(**fields, created_at=ago(**age), expires_at=ago(**age), status="delivered", gateway_message_id="x")
        for _ in range(count)
    )
    Attempt.objects.bulk_create(
        Attempt(
            message=message,
            gateway="fake",
            outcome="accepted",
            gateway_message_id="x",
            started_at=ago(**age),
            ended_at=ago(**age),
        )
        for message in made
    )
    return made


def challenges(phone: SmsDevice, count: int, **age: float) -> None:
    Challenge.objects.bulk_create(
        Challenge(device=phone, purpose="sign_in", key_id="k", browser=f"{age}-{number}", expires_at=ago(**age))
        for number in range(count)
    )


def human_checks(phone: SmsDevice, count: int, **age: float) -> None:
    HumanCheck.objects.bulk_create(
        HumanCheck(account=phone.user, number=phone.number, puzzle={}, created_at=ago(**age)) for _ in range(count)
    )


def test_receipts_go_after_thirty_days(db: None) -> None:
    receipts(2, days=30, seconds=1)
    receipts(1, days=29, hours=23)
    assert retention.purge_old_data() == NOTHING | {"receipts": 2}
    assert Receipt.objects.count() == 1


def test_the_message_of_a_receipt_that_goes_stays(phone: SmsDevice) -> None:
    message = queued(phone, status="delivered")
    receipts(1, days=31)
    Receipt.objects.update(message=message)
    retention.purge_old_data()
    assert TextMessage.objects.filter(pk=message.pk).exists()


def test_numbers_go_after_ninety_days_and_the_rows_stay(phone: SmsDevice) -> None:
    (old,) = messages(phone, 1, days=90, seconds=1)
    (young,) = messages(phone, 1, days=89, hours=23)
    assert retention.purge_old_data() == NOTHING | {"messages": 1}
    old.refresh_from_db()
    assert not old.number
    assert (old.gateway_message_id, numbers.mask_number(old.number)) == ("", "")
    assert (old.status, old.purpose, old.account) == ("delivered", "sign_in", phone.user)
    assert str(old)
    young.refresh_from_db()
    assert (young.number, young.gateway_message_id) == (phone.number, "x")
    assert list(Attempt.objects.order_by("pk").values_list("outcome", "gateway_message_id")) == [
        ("accepted", ""),
        ("accepted", "x"),
    ]


def test_challenges_go_a_day_after_they_expire(phone: SmsDevice) -> None:
    challenges(phone, 2, days=1, seconds=1)
    challenges(phone, 1, hours=23)
    assert retention.purge_old_data() == NOTHING | {"challenges": 2}
    assert Challenge.objects.count() == 1


def test_the_message_of_a_challenge_that_goes_stays(phone: SmsDevice) -> None:
    message = queued(phone, status="delivered")
    Challenge.objects.update(expires_at=ago(days=2))
    assert retention.purge_old_data()["challenges"] == 1
    message.refresh_from_db()
    assert message.challenge is None
    assert message.number == phone.number


def test_human_checks_go_after_a_day(phone: SmsDevice) -> None:
    human_checks(phone, 2, days=1, seconds=1)
    human_checks(phone, 1, hours=23)
    assert retention.purge_old_data() == NOTHING | {"human_checks": 2}
    assert HumanCheck.objects.count() == 1


def everything(phone: SmsDevice, count: int) -> None:
    receipts(count, days=31)
    messages(phone, count, days=91)
    challenges(phone, count, days=2)
    human_checks(phone, count, days=2)


ALL = {"receipts": 7, "messages": 7, "challenges": 7, "human_checks": 7}


def test_more_than_a_batch_goes_in_several(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    everything(phone, 7)
    assert retention.purge_old_data() == ALL
    assert not Attempt.objects.exclude(gateway_message_id="").exists()
    assert retention.purge_old_data() == NOTHING


def test_a_second_run_finds_nothing_and_writes_nothing(phone: SmsDevice) -> None:
    everything(phone, 7)
    registry.run_retention_step.delay("text_messages")
    with CaptureQueriesContext(connection) as queries:
        assert retention.purge_old_data() == NOTHING
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"] * 5


@pytest.mark.parametrize("kind", ["receipts", "messages", "challenges", "human_checks"])
def test_a_batch_takes_few_queries(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(batches, "BATCH", 10)
    make = {
        "receipts": lambda count: receipts(count, days=31),
        "messages": lambda count: messages(phone, count, days=91),
        "challenges": lambda count: challenges(phone, count, days=2),
        "human_checks": lambda count: human_checks(phone, count, days=2),
    }[kind]
    make(50)
    tables = 2 if kind == "messages" else 1  # the attempts are changed too
    with CaptureQueriesContext(connection) as queries:
        assert retention.purge_old_data()[kind] == 50
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    looks = 5  # queries that find nothing more
    each = 4 if kind == "challenges" else 3  # its messages are unlinked first
    assert len(statements) - looks <= each * 5 * tables


@pytest.mark.django_db(transaction=True)
def test_each_batch_is_a_transaction_of_its_own(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    receipts(3, days=31)
    monkeypatch.setattr(batches, "BATCH", 1)
    begun: list[bool] = []
    delete: Callable[[Any], int] = batches._delete

    def note_and_delete(rows: Any) -> int:
        begun.append(connection.in_atomic_block)
        if len(begun) == 3:
            raise OSError
        return delete(rows)

    monkeypatch.setattr(batches, "_delete", note_and_delete)
    with pytest.raises(OSError, match=r"^$"):
        retention.purge_old_data()
    assert begun == [False] * 3
    assert Receipt.objects.count() == 1
