"""When a gateway's circuit opens, and when it closes."""

import pytest
from django.utils import timezone
from pytest_django.asserts import assertNumQueries

from audit.models import SecurityEvent
from mfa_sms import breaker, delivery
from mfa_sms.breaker_rules import FAULTS, REFUSALS
from mfa_sms.gateways import GatewayError, GatewayFault
from mfa_sms.models import Attempt, GatewayState, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, failing, use
from mfa_sms.tests.helpers import Clock, queued


def fail(phone: SmsDevice, clock: Clock, *after: float) -> bool:
    """Send one message after each number of seconds. Return whether the circuit of "first" is then open."""
    for seconds in after:
        clock.forward(seconds)
        delivery.deliver(queued(phone).pk)
    breaker.forget()
    return "first" in breaker.gateways_out_of_service()


def open_circuit(gateway: str) -> None:
    """Open the circuit of a gateway."""
    breaker._open(gateway, "5 failures in a row")


def events() -> list[tuple[str, str, str]]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", "reason", "detail"))


@pytest.mark.parametrize("fault", [GatewayFault.UNAVAILABLE, GatewayFault.UNKNOWN, GatewayFault.MISCONFIGURED])
def test_the_fifth_failure_in_a_row_opens_the_circuit(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, fault: GatewayFault
) -> None:
    use(monkeypatch, failing("first", fault), FakeGateway("second"))
    assert not fail(phone, clock, 0, 7, 7, 7)
    assert events() == []
    assert fail(phone, clock, 7)
    assert events() == [("gateway_out_of_service", "first", "5 failures in a row")]
    state = GatewayState.objects.get()
    assert (state.gateway, state.out_of_service, state.why) == ("first", True, "5 failures in a row")
    assert state.changed_at == timezone.now()


def test_half_of_the_last_20_failing_opens_the_circuit(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = FakeGateway("first")
    use(monkeypatch, first, FakeGateway("second"))
    for number in range(20):
        first.error = GatewayError(GatewayFault.UNAVAILABLE) if number % 2 else None
        assert fail(phone, clock, 1) is (number >= 9)
        if number >= 9:
            break
    assert events() == [("gateway_out_of_service", "first", "5 failures of the last 10 tries")]


def test_failures_of_half_an_hour_ago_do_not_count(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing("first", GatewayFault.UNAVAILABLE), FakeGateway("second"))
    assert not fail(phone, clock, *[451] * 8)


def test_a_busy_gateway_is_not_at_fault(clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, failing("first", GatewayFault.BUSY), FakeGateway("second"))
    assert not fail(phone, clock, *[2] * 10)


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


def test_a_gateway_with_an_open_circuit_is_the_last_resort(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = FakeGateway("first")
    use(monkeypatch, first, failing("second", GatewayFault.UNAVAILABLE))
    open_circuit("first")
    fail(phone, clock, 0)
    assert TextMessage.objects.get().gateway == "first"


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
    breaker.note_attempt("first", "accepted")
    assert GatewayState.objects.get().successes == 0


def test_a_gateway_that_another_process_has_rested_is_rested_once(clock: Clock, phone: SmsDevice) -> None:
    assert breaker.gateways_out_of_service() == frozenset()
    GatewayState.objects.create(gateway="first", out_of_service=True, why="before")
    open_circuit("first")
    assert GatewayState.objects.get().why == "before"
    assert events() == []


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
            breaker.note_attempt("first", "accepted")
            assert breaker.busy_until("first") is None


def test_every_fault_of_a_gateway_is_an_outcome_of_an_attempt() -> None:
    assert set(Attempt.Outcome) > FAULTS | REFUSALS
