"""Several sweeps and workers run at once. A message that was found is enqueued once and sent once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from common.advisory_lock import try_lock
from mfa_sms import delivery, sweep
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.helpers import queued
from mfa_sms.tests.races import at_once
from tests.fixtures import Outbox

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]
Status = TextMessage.Status


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids that were enqueued."""
    ids: list[int] = []
    monkeypatch.setattr(sweep, "enqueue_code", ids.append)
    return ids


def stuck(phone: SmsDevice, count: int) -> list[int]:
    ids = [queued(phone).pk for _ in range(count)]
    TextMessage.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    return ids


def test_of_two_sweeps_at_once_each_message_is_handed_over_by_one(phone: SmsDevice, handed: list[int]) -> None:
    for _ in range(10):
        TextMessage.objects.all().delete()
        handed.clear()
        ids = stuck(phone, 20)
        results = at_once([sweep.sweep_messages] * 4)
        assert sorted(results, key=str) == [0, 0, 0, 20]
        assert sorted(handed) == ids


def test_a_sweep_does_nothing_while_another_is_at_it(phone: SmsDevice, handed: list[int]) -> None:
    stuck(phone, 1)
    with transaction.atomic():
        assert try_lock(sweep.LOCK)
        assert at_once([sweep.sweep_messages]) == [0]
    assert at_once([sweep.sweep_messages]) == [1]


def test_a_row_that_a_worker_has_locked_is_passed_over(phone: SmsDevice, handed: list[int]) -> None:
    first, second = stuck(phone, 2)
    with transaction.atomic():
        TextMessage.objects.select_for_update().get(pk=first)
        assert at_once([sweep.sweep_messages]) == [1]
    assert handed == [second]
    assert at_once([sweep.sweep_messages]) == [1]
    assert handed == [second, first]


def test_what_is_swept_while_a_worker_takes_it_is_sent_once(phone: SmsDevice, sms_outbox: Outbox) -> None:
    for number in range(1, 11):
        (message,) = stuck(phone, 1)
        both: list[Callable[[], object]] = [sweep.sweep_messages, partial(delivery.deliver, message)]
        at_once(both)
        delivery.deliver(message)
        assert len(sms_outbox.messages) == number
        TextMessage.objects.all().delete()
