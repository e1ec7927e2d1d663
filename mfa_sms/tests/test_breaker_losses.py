"""A gateway whose messages do not arrive is taken out of rotation, and comes back when they do."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber

from audit.models import SecurityEvent
from mfa_sms import breaker, receipts
from mfa_sms.message_references import make_reference
from mfa_sms.models import Attempt, GatewayState, Receipt, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import Clock, queued

FIRST = FakeGateway("first", wants_receipts=True, can_verify_receipts=True)
SECOND = FakeGateway("second", wants_receipts=True, can_verify_receipts=True)
_numbers = count()


@pytest.fixture(autouse=True)
def _two_gateways(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    use(monkeypatch, FIRST, SECOND)


def danish(number: int) -> str:
    return f"+4526{number:06d}"


def sent(phone: SmsDevice, number: str, gateway: str = "first", **fields: object) -> TextMessage:
    """Record a code that the gateway accepted."""
    to = PhoneNumber.from_string(number)
    message = queued(phone, status="sent", gateway=gateway, number=to, created_at=timezone.now(), **fields)
    Attempt.objects.create(
        message=message,
        gateway=gateway,
        outcome="accepted",
        gateway_message_id=f"id-{message.pk}",
        started_at=timezone.now(),
    )
    return message


def report(message: TextMessage, state: str) -> None:
    """Apply a receipt for the message."""
    gateway = message.gateway
    fields = {"event_id": str(next(_numbers)), "reference": make_reference(message.pk, gateway), "raw": ""}
    Receipt.objects.create(
        gateway=gateway, state=state, raw_status=state, gateway_message_id=f"id-{message.pk}", **fields
    )
    receipts.sweep_receipts()
    breaker.forget()


def arrive(phone: SmsDevice, states: Sequence[str], gateway: str = "first", first: int = 0) -> None:
    """Send a code to another number for each state, and report the state."""
    for number, state in enumerate(states, start=first):
        report(sent(phone, danish(number), gateway), state)


def opened() -> list[tuple[str, str]]:
    """Return the circuits that open in a review, with the reason."""
    breaker.review()
    breaker.forget()
    return list(SecurityEvent.objects.filter(kind="gateway_out_of_service").values_list("reason", "detail"))


@pytest.mark.parametrize("state", ["undeliverable", "expired"])
@pytest.mark.parametrize(("bad", "opens"), [(13, True), (12, False)])
def test_a_gateway_that_loses_most_of_its_last_20_codes(phone: SmsDevice, state: str, bad: int, opens: bool) -> None:
    arrive(phone, ["delivered"] * (20 - bad) + [state] * bad)
    expected = [("first", f"{20 - bad} of the last 20 delivered")]
    assert opened() == (expected if opens else [])


def test_a_gateway_that_accepts_and_later_rejects_everything(phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "enqueue_code", lambda message_id: None)
    arrive(phone, ["rejected"] * 20)
    assert opened() == [("first", "0 of the last 20 delivered")]


def test_fewer_than_20_receipts_say_nothing(phone: SmsDevice) -> None:
    arrive(phone, ["undeliverable"] * 19)
    assert opened() == []


def test_one_phone_that_is_off_counts_once(phone: SmsDevice) -> None:
    for _ in range(25):
        report(sent(phone, danish(1)), "undeliverable")
    assert opened() == []


def test_phones_that_another_gateway_did_not_reach_either_are_off(phone: SmsDevice) -> None:
    arrive(phone, ["undeliverable"] * 20, "second")
    arrive(phone, ["undeliverable"] * 20)
    assert opened() == []


def test_one_foreign_country_that_cannot_be_reached_is_not_the_gateways_fault(phone: SmsDevice) -> None:
    for number in range(20):
        report(sent(phone, f"+3725{number:06d}"), "undeliverable")
    assert opened() == []


def test_a_gateway_that_loses_a_third_while_another_loses_none(phone: SmsDevice) -> None:
    arrive(phone, ["delivered"] * 100, "second", first=1000)
    arrive(phone, ["undeliverable", "delivered", "delivered"] * 34)
    assert opened() == [("first", "68 of the last 102 delivered")]


def test_notices_that_did_not_arrive_open_no_circuit(phone: SmsDevice) -> None:
    arrive(phone, ["undeliverable"] * 20)
    TextMessage.objects.update(purpose=TextMessage.NOTICE)
    assert opened() == []


def test_a_gateway_that_accepts_everything_and_reports_nothing(clock: Clock, phone: SmsDevice) -> None:
    for number in range(20):
        sent(phone, danish(number))
    assert opened() == []
    clock.forward(61)
    assert opened() == [("first", "no receipt for 20 messages")]


@pytest.mark.parametrize("state", ["sent", "delivered"])
def test_one_receipt_shows_that_the_gateway_reports(clock: Clock, phone: SmsDevice, state: str) -> None:
    messages = [sent(phone, danish(number)) for number in range(20)]
    report(messages[3], state)
    clock.forward(61)
    assert opened() == []


def test_if_all_gateways_are_silent_our_own_address_may_be_unreachable(clock: Clock, phone: SmsDevice) -> None:
    for number in range(20):
        sent(phone, danish(number))
        sent(phone, danish(1000 + number), "second")
    clock.forward(61)
    assert opened() == []


def test_the_only_gateway_is_not_taken_out_for_its_silence(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FIRST)
    for number in range(20):
        sent(phone, danish(number))
    clock.forward(61)
    assert opened() == []


def test_only_messages_that_arrive_bring_back_a_gateway_that_lost_them(clock: Clock, phone: SmsDevice) -> None:
    breaker._open("first", "0 of the last 20 delivered", needs_receipts=True)
    clock.forward(1)
    for number in range(5):
        breaker.note_attempt("first", "accepted")
        if number < 2:
            report(sent(phone, danish(number)), "delivered")
    assert GatewayState.objects.get(gateway="first").out_of_service
    report(sent(phone, danish(9)), "undeliverable")
    for number in range(3):
        report(sent(phone, danish(100 + number)), "delivered")
    assert not GatewayState.objects.get(gateway="first").out_of_service


def test_late_receipts_of_messages_before_the_outage_do_not_bring_it_back(clock: Clock, phone: SmsDevice) -> None:
    messages = [sent(phone, danish(number)) for number in range(5)]
    clock.forward(1)
    breaker._open("first", "no receipt for 20 messages", needs_receipts=True)
    for message in messages:
        report(message, "delivered")
    assert GatewayState.objects.get(gateway="first").out_of_service


def test_what_happened_before_it_came_back_does_not_count_again(clock: Clock, phone: SmsDevice) -> None:
    arrive(phone, ["undeliverable"] * 20)
    clock.forward(1)
    GatewayState.objects.create(gateway="first", changed_at=timezone.now())
    assert opened() == []
    assert timezone.now() - Receipt.objects.latest("pk").received_at == timedelta(seconds=1)
