"""A second message does not use the gateway that lost the first one."""

import pytest

from mfa_sms import delivery
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import Clock, queued
from tests.fixtures import Walk, confirmed_phone

Status = TextMessage.Status
LOST = [Status.UNDELIVERABLE, Status.EXPIRED, Status.FAILED, Status.UNKNOWN, Status.REJECTED]


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> tuple[FakeGateway, FakeGateway]:
    """Two gateways, of which the first sends receipts."""
    first, second = FakeGateway("first", wants_receipts=True), FakeGateway("second")
    use(monkeypatch, first, second)
    return first, second


def lost(device: SmsDevice, status: str) -> None:
    """Record that the device's last message went through the first gateway and got this status."""
    queued(device, gateway="first", status=status)
    device.count_message()
    device.save()


def gateway_of_next(phone: SmsDevice) -> str:
    phone.count_message()
    phone.save()
    message = queued(phone)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    return str(message.gateway)


@pytest.mark.parametrize("status", LOST)
@pytest.mark.usefixtures("both")
def test_a_gateway_whose_last_message_did_not_arrive_is_tried_last(phone: SmsDevice, status: str) -> None:
    lost(phone, status)
    assert gateway_of_next(phone) == "second"


@pytest.mark.usefixtures("both")
def test_a_gateway_whose_receipt_is_still_missing_is_tried_last(phone: SmsDevice) -> None:
    lost(phone, Status.SENT)
    assert gateway_of_next(phone) == "second"


def test_a_gateway_that_sends_no_receipts_is_not_blamed_for_it(
    both: tuple[FakeGateway, FakeGateway], phone: SmsDevice
) -> None:
    both[0].wants_receipts = False
    lost(phone, Status.SENT)
    assert gateway_of_next(phone) == "first"


@pytest.mark.usefixtures("both")
def test_a_gateway_whose_last_message_arrived_is_tried_in_its_turn(phone: SmsDevice) -> None:
    lost(phone, Status.UNDELIVERABLE)
    lost(phone, Status.DELIVERED)
    assert gateway_of_next(phone) == "first"


@pytest.mark.usefixtures("both")
def test_a_right_code_makes_up_for_a_receipt_that_never_came(phone: SmsDevice) -> None:
    lost(phone, Status.SENT)
    phone.cooldown_reset()
    assert gateway_of_next(phone) == "first"


@pytest.mark.usefixtures("both")
def test_the_messages_of_another_device_do_not_count(phone: SmsDevice) -> None:
    lost(confirmed_phone(phone.user, "+4526123499"), Status.UNDELIVERABLE)
    assert gateway_of_next(phone) == "first"


@pytest.mark.usefixtures("both")
def test_what_was_half_an_hour_ago_is_forgotten(clock: Clock, phone: SmsDevice) -> None:
    lost(phone, Status.UNDELIVERABLE)
    clock.forward(minutes=30, seconds=1)
    assert gateway_of_next(phone) == "first"


def test_the_gateway_that_is_tried_last_is_still_tried(both: tuple[FakeGateway, FakeGateway], phone: SmsDevice) -> None:
    both[1].error = OSError()
    lost(phone, Status.UNDELIVERABLE)
    assert gateway_of_next(phone) == "first"


@pytest.mark.usefixtures("both")
def test_who_asks_again_gets_the_same_code_another_way(
    clock: Clock, walk: Walk, phone: SmsDevice, both: tuple[FakeGateway, FakeGateway]
) -> None:
    walk.to_code(phone)
    clock.forward(31)
    walk.send(phone)
    assert [len(gateway.sent) for gateway in both] == [1, 1]
    assert both[0].sent[0].text == both[1].sent[0].text
