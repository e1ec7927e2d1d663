"""A message that was certainly not taken is tried until its code expires. Tries that may cost money are limited."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from mfa_sms import delivery, sweep
from mfa_sms.gateways import GatewayError, GatewayFault
from mfa_sms.models import Attempt, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, failing, use
from mfa_sms.tests.helpers import Clock, queued

Status = TextMessage.Status


def run(clock: Clock, seconds: float, step: float = 0.5) -> list[float]:
    """Let the time pass while the sweep looks for messages. Return when there were new attempts."""
    at: list[float] = []
    known = Attempt.objects.count()
    for number in range(1, int(seconds / step) + 1):
        clock.forward(step)
        sweep.sweep_messages()
        if Attempt.objects.count() > known:
            known = Attempt.objects.count()
            at.append(number * step)
    return at


@pytest.mark.parametrize("fault", [GatewayFault.UNAVAILABLE, GatewayFault.MISCONFIGURED])
def test_a_message_that_no_gateway_took_is_tried_at_growing_intervals_until_its_code_expires(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, fault: GatewayFault
) -> None:
    use(monkeypatch, failing("only", fault))
    message = queued(phone)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, message.error) == (Status.QUEUED, "unavailable")
    at = run(clock, 600)
    assert 1 <= at[0] <= 2.5
    pauses = [later - earlier for earlier, later in zip([0, *at], at, strict=False)]
    assert max(pauses) <= 10.5
    assert sum(pauses[:5]) < sum(pauses[-6:-1])
    assert at[-1] >= 595
    message.refresh_from_db()
    assert (message.status, message.error, message.gateway) == (Status.FAILED, "unavailable", "only")


def test_after_an_outage_of_75_seconds_no_message_has_failed(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = failing("only", GatewayFault.UNAVAILABLE)
    use(monkeypatch, only)
    messages = [queued(phone) for _ in range(10)]
    for message in messages:
        delivery.deliver(message.pk)
    run(clock, 75, 1)
    only.error = None
    # The first success wakes the others.
    begun = run(clock, 10.5)[0]
    assert begun <= 10
    assert set(TextMessage.objects.values_list("status", flat=True)) == {Status.SENT}


def test_the_first_success_wakes_the_messages_that_wait(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = failing("only", GatewayFault.UNAVAILABLE)
    use(monkeypatch, only)
    for _ in range(5):
        delivery.deliver(queued(phone).pk)
    only.error = None
    TextMessage.objects.update(next_at=timezone.now() + timedelta(seconds=15))
    delivery.deliver(queued(phone).pk)
    sweep.sweep_messages()
    assert set(TextMessage.objects.values_list("status", flat=True)) == {Status.SENT}


def test_a_message_without_an_answer_is_sent_again_after_its_receipt_had_time_and_three_times_at_most(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    only = failing("only", GatewayFault.UNKNOWN)
    use(monkeypatch, only)
    message = queued(phone)
    delivery.deliver(message.pk)
    at = run(clock, 600, 1)
    assert at[0] >= 10
    assert len(only.sent) == settings.SMS_TRIES == 3
    message.refresh_from_db()
    assert (message.status, message.error) == (Status.UNKNOWN, "unknown")


def test_a_gateway_that_refused_the_message_is_not_asked_again(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = failing("first", GatewayFault.REJECTED), failing("second", GatewayFault.UNAVAILABLE)
    use(monkeypatch, first, second)
    delivery.deliver(queued(phone).pk)
    run(clock, 10)
    assert len(first.sent) == 1
    assert len(second.sent) > 3


def test_a_busy_gateway_is_left_alone_for_as_long_as_it_asks_and_by_every_message(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = FakeGateway("only", GatewayError(GatewayFault.BUSY, "http-429", retry_after=60))
    use(monkeypatch, only)
    delivery.deliver(queued(phone).pk)
    delivery.deliver(queued(phone).pk)
    assert len(only.sent) == 1
    only.error = None
    assert run(clock, 59) == []
    run(clock, 4)
    assert set(TextMessage.objects.values_list("status", flat=True)) == {Status.SENT}


def test_while_one_gateway_is_busy_the_other_sends(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    first = FakeGateway("first", GatewayError(GatewayFault.BUSY, "http-429", retry_after=60))
    second = FakeGateway("second")
    use(monkeypatch, first, second)
    for _ in range(10):
        delivery.deliver(queued(phone).pk)
    assert (len(first.sent), len(second.sent)) == (1, 10)


def test_a_message_that_no_gateway_may_carry_waits_for_one(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = FakeGateway("only")
    use(monkeypatch, only)
    monkeypatch.setattr("mfa_sms.breaker.disabled_gateways", lambda: {"only"})
    message = queued(phone)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, only.sent) == (Status.QUEUED, [])
    monkeypatch.setattr("mfa_sms.breaker.disabled_gateways", set)
    run(clock, 3)
    message.refresh_from_db()
    assert message.status == Status.SENT


def test_a_gateway_that_is_disabled_while_another_is_asked_is_not_asked(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    disabled: set[str] = set()
    second = FakeGateway("second")
    use(monkeypatch, failing("first", GatewayFault.UNAVAILABLE, lambda: disabled.add("second")), second)
    monkeypatch.setattr("mfa_sms.breaker.disabled_gateways", lambda: disabled)
    delivery.deliver(queued(phone).pk)
    assert second.sent == []
