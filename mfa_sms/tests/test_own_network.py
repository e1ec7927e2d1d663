"""A worker that lost its network gives messages back to the workers that still have one."""

from collections.abc import Iterator

import pytest

from mfa_sms import breaker, delivery, own_network, sweep
from mfa_sms.gateways import GatewayError, GatewayFault, http
from mfa_sms.models import Attempt, SmsDevice, TextMessage
from mfa_sms.own_network import FAILURES, TRIAL_EVERY, OwnNetwork
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import Clock, queued

Status = TextMessage.Status
UNREACHABLE = GatewayError(GatewayFault.UNAVAILABLE, http.NETWORK)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The monotonic clock of the module, which a test moves."""
    seconds = [1000.0]
    monkeypatch.setattr(own_network, "time", type("Time", (), {"monotonic": staticmethod(lambda: seconds[0])}))
    yield seconds
    own_network.own_network.forget()


def test_the_network_is_down_after_three_failures_in_a_row(now: list[float]) -> None:
    network = OwnNetwork()
    for _ in range(FAILURES - 1):
        network.note(reached=False)
    assert network.may_send()
    network.note(reached=True)
    for _ in range(FAILURES):
        network.note(reached=False)
    assert network.is_down
    assert not network.may_send()


def test_one_message_every_two_seconds_tries_it(now: list[float]) -> None:
    network = OwnNetwork()
    for _ in range(FAILURES):
        network.note(reached=False)
    now[0] += TRIAL_EVERY
    assert [network.may_send() for _ in range(3)] == [True, False, False]
    network.note(reached=True)
    assert network.may_send()


def test_a_worker_without_network_leaves_its_messages_to_another(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, now: list[float]
) -> None:
    first, second = FakeGateway("first", UNREACHABLE), FakeGateway("second", UNREACHABLE)
    use(monkeypatch, first, second)
    messages = [queued(phone) for _ in range(10)]
    for message in messages:
        delivery.deliver(message.pk)
    assert len(first.sent) + len(second.sent) <= FAILURES + 1
    assert set(TextMessage.objects.values_list("status", flat=True)) == {Status.QUEUED}
    assert breaker.gateways_out_of_service() == frozenset()
    # The other worker, half a second later.
    own_network.own_network.forget()
    first.error = second.error = None
    clock.forward(2.5)
    sweep.sweep_messages()
    assert set(TextMessage.objects.values_list("status", flat=True)) == {Status.SENT}


def test_a_message_that_no_worker_could_send_has_failed_when_its_code_expires(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, now: list[float]
) -> None:
    use(monkeypatch, FakeGateway("only", UNREACHABLE))
    for _ in range(FAILURES):
        own_network.own_network.note(reached=False)
    message = queued(phone)
    delivery.deliver(message.pk)
    clock.forward(600)
    sweep.sweep_messages()
    message.refresh_from_db()
    assert (message.status, message.error) == (Status.FAILED, "unavailable")
    assert not Attempt.objects.exists()


def test_an_answer_of_any_kind_shows_that_the_network_works(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, now: list[float]
) -> None:
    use(monkeypatch, FakeGateway("only", GatewayError(GatewayFault.UNAVAILABLE, "http-503")))
    for _ in range(FAILURES + 1):
        delivery.deliver(queued(phone).pk)
    assert not own_network.own_network.is_down
