"""If a gateway does not accept a message, the next one is tried, as long as that helps and does no harm."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mfa_sms import delivery, tasks
from mfa_sms.gateways import GatewayFault
from mfa_sms.models import Attempt, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, failing, use
from mfa_sms.tests.helpers import Clock, queued

Status = TextMessage.Status


def deliver(message: TextMessage) -> TextMessage:
    delivery.deliver(message.pk)
    message.refresh_from_db()
    return message


def attempts() -> list[tuple[str, str]]:
    return list(Attempt.objects.order_by("pk").values_list("gateway", "outcome"))


@pytest.mark.parametrize("fault", [GatewayFault.UNAVAILABLE, GatewayFault.REJECTED, GatewayFault.MISCONFIGURED])
def test_the_next_gateway_is_asked_at_once(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, fault: GatewayFault
) -> None:
    second, third = FakeGateway("second"), FakeGateway("third")
    use(monkeypatch, failing("first", fault), second, third)
    message = deliver(queued(phone))
    assert (message.status, message.gateway, message.tries, message.error) == (Status.SENT, "second", 1, "")
    assert attempts() == [("first", fault.value), ("second", "accepted")]
    assert (len(second.sent), len(third.sent)) == (1, 0)


def test_every_gateway_is_given_the_same_code(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = failing("first", GatewayFault.UNKNOWN), FakeGateway("second")
    use(monkeypatch, first, second)
    deliver(queued(phone))
    assert first.sent[0].text == second.sent[0].text


def test_a_number_that_one_gateway_refuses_may_be_good_for_another(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing("first", GatewayFault.REFUSED), FakeGateway("second"))
    message = deliver(queued(phone))
    assert (message.status, message.gateway, message.error) == (Status.SENT, "second", "")


def test_a_number_that_every_gateway_refuses_is_refused(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, failing("first", GatewayFault.REFUSED), failing("second", GatewayFault.REFUSED))
    message = deliver(queued(phone))
    assert (message.status, message.gateway, message.error) == (Status.REJECTED, "second", "refused")


def test_a_refusal_after_a_silent_gateway_does_not_end_the_message(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing("first", GatewayFault.UNKNOWN), failing("second", GatewayFault.REFUSED))
    message = deliver(queued(phone))
    assert (message.status, message.gateway, message.error) == (Status.QUEUED, "first", "unknown")


def test_after_a_silent_gateway_one_more_is_asked_and_counted(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing("first", GatewayFault.UNKNOWN), FakeGateway("second"))
    message = deliver(queued(phone))
    assert (message.status, message.gateway) == (Status.SENT, "second")
    assert attempts() == [("first", "unknown"), ("second", "accepted")]


def test_after_two_silent_gateways_no_third_is_asked_at_once(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    third = FakeGateway("third")
    use(monkeypatch, failing("first", GatewayFault.UNKNOWN), failing("second", GatewayFault.UNKNOWN), third)
    message = deliver(queued(phone))
    assert (message.status, message.error) == (Status.QUEUED, "unknown")
    assert attempts() == [("first", "unknown"), ("second", "unknown")]
    assert third.sent == []


def test_the_gateway_of_a_message_is_one_that_was_asked(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    use(
        monkeypatch,
        failing("first", GatewayFault.UNKNOWN),
        failing("second", GatewayFault.UNKNOWN),
        FakeGateway("third"),
    )
    assert deliver(queued(phone)).gateway == "second"


def test_a_message_that_may_have_been_taken_is_unknown_whatever_the_others_say(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing("first", GatewayFault.UNKNOWN), failing("second", GatewayFault.UNAVAILABLE))
    message = deliver(queued(phone, expires_at=timezone.now() + timedelta(seconds=3)))
    assert (message.status, message.gateway, message.error) == (Status.UNKNOWN, "first", "unknown")


def test_what_every_operator_rejects_is_rejected(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, failing("first", GatewayFault.REJECTED), failing("second", GatewayFault.REJECTED))
    message = deliver(queued(phone))
    assert (message.status, message.gateway, message.error) == (Status.REJECTED, "second", "rejected")


def test_a_message_that_dies_between_two_gateways_is_not_sent(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = FakeGateway("second")
    use(monkeypatch, failing("first", GatewayFault.UNAVAILABLE, lambda: clock.forward(10)), second)
    message = deliver(queued(phone, expires_at=timezone.now() + timedelta(seconds=10)))
    assert (message.status, message.error) == (Status.FAILED, "unavailable")
    assert second.sent == []


def test_the_second_gateway_is_told_what_is_left_of_the_codes_life(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = FakeGateway("second")
    use(monkeypatch, failing("first", GatewayFault.UNKNOWN, lambda: clock.forward(15)), second)
    deliver(queued(phone))
    assert second.sent[0].validity == 585


def test_a_message_on_its_way_through_slow_gateways_is_not_taken_for_stuck(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each gateway answers within its limit of 15 seconds.
    def sweep_late() -> None:
        clock.forward(15)
        tasks.sweep_messages.delay()

    first = failing("first", GatewayFault.UNKNOWN, lambda: clock.forward(15))
    second = FakeGateway("second", meanwhile=sweep_late)
    use(monkeypatch, first, second)
    message = deliver(queued(phone))
    assert (len(first.sent), len(second.sent)) == (1, 1)
    assert (message.status, message.gateway) == (Status.SENT, "second")


def test_a_worker_whose_message_another_has_taken_over_asks_no_further_gateway(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = FakeGateway("second")
    use(monkeypatch, failing("first", GatewayFault.UNKNOWN, lambda: TextMessage.objects.update(tries=2)), second)
    deliver(queued(phone))
    assert second.sent == []


@pytest.mark.parametrize("fault", [GatewayFault.UNKNOWN, GatewayFault.UNAVAILABLE])
def test_a_worker_whose_message_another_has_taken_over_leaves_its_status_to_that_one(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, fault: GatewayFault
) -> None:
    use(monkeypatch, failing("first", fault, lambda: TextMessage.objects.update(tries=2)))
    assert deliver(queued(phone)).status == Status.SENDING
