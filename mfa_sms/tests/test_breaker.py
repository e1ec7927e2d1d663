"""When a gateway's circuit opens, and when it closes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertNumQueries

from audit.models import SecurityEvent
from mfa_sms import breaker, delivery, receipts
from mfa_sms.gateways import GatewayError, GatewayFault
from mfa_sms.models import Attempt, GatewayState, Receipt, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, failing, use
from mfa_sms.tests.helpers import Clock, queued

Status = TextMessage.Status


def fail(phone: SmsDevice, clock: Clock, *after: float) -> bool:
    """Send one message after each number of seconds. Return whether the circuit of "first" is then open."""
    for seconds in after:
        clock.forward(seconds)
        delivery.deliver(queued(phone).pk)
    breaker.forget()
    return "first" in breaker.gateways_out_of_service()


def open_circuit(gateway: str) -> None:
    """Open the circuit of a gateway."""
    breaker._open(gateway, "5 failures in 30 s")


def events() -> list[tuple[str, str, str]]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", "reason", "detail"))


@pytest.mark.parametrize("fault", [GatewayFault.UNAVAILABLE, GatewayFault.UNKNOWN, GatewayFault.MISCONFIGURED])
def test_the_fifth_failure_in_half_a_minute_rests_a_gateway(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, fault: GatewayFault
) -> None:
    use(monkeypatch, failing("first", fault), FakeGateway("second"))
    assert not fail(phone, clock, 0, 7, 7, 7)
    assert events() == []
    assert fail(phone, clock, 7)
    assert events() == [("gateway_out_of_service", "first", "5 failures in 30 s")]
    state = GatewayState.objects.get()
    assert (state.gateway, state.out_of_service, state.why) == ("first", True, "5 failures in 30 s")
    assert state.changed_at == timezone.now()


def test_five_failures_in_more_than_half_a_minute_do_not(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing("first", GatewayFault.UNAVAILABLE), FakeGateway("second"))
    assert not fail(phone, clock, 0, 7.5, 7.5, 7.5, 7.5, 7.5)


@pytest.mark.parametrize("fault", [GatewayFault.REJECTED, GatewayFault.REFUSED])
def test_what_is_said_of_a_number_is_no_fault_of_the_gateway(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, fault: GatewayFault
) -> None:
    use(monkeypatch, failing("first", fault))
    assert not fail(phone, clock, *[0] * 10)


def test_the_failures_of_one_gateway_do_not_rest_another(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing("first", GatewayFault.UNAVAILABLE), FakeGateway("second"))
    assert fail(phone, clock, *[0] * 5)
    assert breaker.gateways_out_of_service() == {"first"}


def test_a_gateway_that_rests_is_not_asked(clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = failing("first", GatewayFault.UNAVAILABLE), FakeGateway("second")
    use(monkeypatch, first, second)
    fail(phone, clock, *[0] * 8)
    assert (len(first.sent), len(second.sent)) == (5, 8)
    assert len(events()) == 1


def test_three_successes_in_a_row_bring_a_gateway_back(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = FakeGateway("first")
    use(monkeypatch, first, FakeGateway("second"))
    open_circuit("first")
    assert fail(phone, clock, 15, 15)
    assert not fail(phone, clock, 15)
    assert events()[1:] == [("gateway_in_service", "first", "3 successes in a row after 45 s")]
    state = GatewayState.objects.get()
    assert (state.out_of_service, state.why, state.trial_at, state.changed_at) == (False, "", None, timezone.now())
    fail(phone, clock, 0)
    assert len(first.sent) == 4


def test_a_failure_between_begins_the_count_anew(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = FakeGateway("first")
    use(monkeypatch, first, FakeGateway("second"))
    open_circuit("first")
    fail(phone, clock, 15, 15)
    first.error = GatewayError(GatewayFault.UNAVAILABLE)
    fail(phone, clock, 15)
    first.error = None
    assert fail(phone, clock, 15, 15)
    assert not fail(phone, clock, 15)


def test_a_gateway_can_rest_again(clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    first = FakeGateway("first")
    use(monkeypatch, first, FakeGateway("second"))
    open_circuit("first")
    assert not fail(phone, clock, 15, 15, 15)
    first.error = GatewayError(GatewayFault.UNAVAILABLE)
    assert fail(phone, clock, *[0] * 5)
    assert [kind for kind, _, _ in events()] == [
        "gateway_out_of_service",
        "gateway_in_service",
        "gateway_out_of_service",
    ]
    assert GatewayState.objects.get().successes == 0


def test_a_success_of_a_gateway_that_another_process_brought_back_changes_nothing(db: None) -> None:
    open_circuit("first")
    assert breaker.gateways_out_of_service() == {"first"}
    GatewayState.objects.update(out_of_service=False)
    breaker.succeeded("first")
    assert GatewayState.objects.get().successes == 0


def test_a_gateway_that_another_process_has_rested_is_rested_once(clock: Clock, phone: SmsDevice) -> None:
    assert breaker.gateways_out_of_service() == frozenset()
    GatewayState.objects.create(gateway="first", out_of_service=True, why="before")
    open_circuit("first")
    assert GatewayState.objects.get().why == "before"
    assert events() == []


def report(phone: SmsDevice, states: list[str], gateway: str = "first") -> None:
    """Apply one receipt with each of these states, for messages of the gateway."""
    for state in states:
        message = queued(phone, status=Status.SENT, gateway=gateway)
        Receipt.objects.create(
            gateway=gateway, event_id=str(message.pk), reference=str(message.pk), state=state, raw="", raw_status=state
        )
    receipts.sweep_receipts()
    breaker.forget()


@pytest.mark.parametrize(("bad", "opens"), [(4, True), (3, False)])
@pytest.mark.parametrize("state", ["undeliverable", "expired"])
def test_fewer_than_85_percent_of_the_last_20_rest_a_gateway(
    clock: Clock, phone: SmsDevice, state: str, bad: int, opens: bool
) -> None:
    report(phone, ["delivered"] * (20 - bad) + [state] * bad)
    assert (breaker.gateways_out_of_service() == {"first"}) is opens
    expected = [("gateway_out_of_service", "first", f"{20 - bad} of the last 20 delivered")]
    assert events() == (expected if opens else [])


def test_fewer_than_20_receipts_say_nothing(clock: Clock, phone: SmsDevice) -> None:
    report(phone, ["undeliverable"] * 19)
    assert breaker.gateways_out_of_service() == frozenset()


def test_only_the_last_20_receipts_count(clock: Clock, phone: SmsDevice) -> None:
    report(phone, ["undeliverable"] * 3)
    clock.forward(1)
    report(phone, ["delivered"] * 19 + ["undeliverable"])
    assert breaker.gateways_out_of_service() == frozenset()


def test_receipts_of_five_minutes_ago_do_not_count(clock: Clock, phone: SmsDevice) -> None:
    report(phone, ["undeliverable"] * 19)
    clock.forward(minutes=5)
    report(phone, ["undeliverable"])
    assert breaker.gateways_out_of_service() == frozenset()


def test_the_receipts_of_another_gateway_do_not_count(clock: Clock, phone: SmsDevice) -> None:
    report(phone, ["undeliverable"] * 19)
    report(phone, ["undeliverable"], "second")
    assert breaker.gateways_out_of_service() == frozenset()


def test_what_an_operator_rejects_is_not_counted(clock: Clock, phone: SmsDevice) -> None:
    report(phone, ["undeliverable"] * 19 + ["rejected"] * 5)
    assert breaker.gateways_out_of_service() == frozenset()


def test_a_gateway_that_rests_already_is_left_alone(clock: Clock, phone: SmsDevice) -> None:
    open_circuit("first")
    report(phone, ["undeliverable"] * 25)
    assert GatewayState.objects.get().why == "5 failures in 30 s"
    assert len(events()) == 1


def test_what_is_known_of_the_gateways_is_a_second_old_at_most(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("common.cached_value.time.monotonic", lambda: now[0])
    breaker.forget()
    with assertNumQueries(1):
        for _ in range(3):
            assert breaker.gateways_out_of_service() == frozenset()
    GatewayState.objects.create(gateway="first", out_of_service=True)
    now[0] += 1
    assert breaker.gateways_out_of_service() == frozenset()
    now[0] += 0.1
    assert breaker.gateways_out_of_service() == {"first"}


def test_while_all_is_well_a_message_costs_the_breaker_one_query_a_second(db: None) -> None:
    gateway = FakeGateway("first")
    with assertNumQueries(1):
        for _ in range(3):
            assert breaker.order([gateway]) == [gateway]
            breaker.succeeded("first")


def test_every_fault_of_a_gateway_is_an_outcome_of_an_attempt() -> None:
    assert set(breaker.FAULTS) < set(Attempt.Outcome)
    assert timedelta(0) < breaker._DELIVERY_WINDOW
