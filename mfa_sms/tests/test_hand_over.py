"""A message is handed to the worker once its row is committed, and never otherwise."""

import pytest
from django.db import connection, transaction

from mfa_sms import sending, tasks
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.helpers import asked


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """The ids that were handed over, and whether a transaction was open."""
    seen: list[tuple[int, bool]] = []
    monkeypatch.setattr(
        tasks.send_text_message, "delay", lambda message_id: seen.append((message_id, connection.in_atomic_block))
    )
    return seen


@pytest.mark.django_db(transaction=True)
def test_a_message_is_handed_over_after_the_commit(phone: SmsDevice, handed: list[tuple[int, bool]]) -> None:
    with transaction.atomic():
        asked(phone)
        assert handed == []
    assert handed == [(TextMessage.objects.get().pk, False)]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_hands_nothing_over(phone: SmsDevice, handed: list[tuple[int, bool]]) -> None:
    with transaction.atomic():
        asked(phone)
        transaction.set_rollback(True)
    assert handed == []
    assert not TextMessage.objects.exists()


def test_the_payload_is_the_id_alone(phone: SmsDevice, handed: list[tuple[int, bool]]) -> None:
    asked(phone)
    message_id = TextMessage.objects.get().pk
    sending.hand_over(message_id)
    assert [payload for payload, _ in handed] == [message_id]


def test_a_payload_outlives_no_code() -> None:
    assert tasks.send_text_message.expires == 600
