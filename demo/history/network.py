"""Gateways and phones of the history. Messages go through the product's own sending and receipts, synchronously."""

from dataclasses import dataclass, field
from random import Random

from django.http import HttpRequest

from demo.clock import Clock
from mfa_sms import delivery, receipts
from mfa_sms.gateways import (
    GatewayError,
    GatewayFault,
    OutgoingMessage,
    ParsedReceipt,
    ReceiptRefused,
    ReceiptState,
    SendResult,
)
from mfa_sms.message_references import make_reference
from mfa_sms.models import TextMessage

Status = TextMessage.Status

# How many of a thousand messages get each receipt. None: no receipt.
_REPORTS: dict[ReceiptState | None, int] = {
    ReceiptState.DELIVERED: 958,
    ReceiptState.UNDELIVERABLE: 16,
    ReceiptState.EXPIRED: 8,
    ReceiptState.REJECTED: 6,
    None: 12,
}
_AGAIN = 15.0  # seconds until the sweep finds a message that no gateway took
_HARDLY_EVER = 0.03  # the share of messages that take long


@dataclass
class Line:
    """One gateway of the history. It is unreachable while `down` is set."""

    slug: str
    rng: Random
    wants_receipts: bool = True
    can_verify_receipts: bool = True
    down: bool = False

    def send(self, message: OutgoingMessage) -> SendResult:
        """Accept the message. Raise `GatewayError` while the gateway is down."""
        if self.down:
            raise GatewayError(GatewayFault.UNAVAILABLE)
        return SendResult(f"{self.rng.getrandbits(64):016x}", 1)

    def parse_receipt(self, request: HttpRequest) -> list[ParsedReceipt]:
        """Raise `ReceiptRefused`: this gateway's receipts are stored without a request."""
        raise ReceiptRefused


@dataclass
class Network:
    """The gateways, and the clock that advances while messages are on their way."""

    clock: Clock
    rng: Random
    lines: list[Line] = field(default_factory=list)

    def carry(self) -> bool:
        """Send all queued messages and store their receipts. Return whether every code was delivered."""
        arrived = True
        for message_id in TextMessage.objects.filter(status=Status.QUEUED).order_by("pk").values_list("pk", flat=True):
            arrived &= self._carry(message_id)
        return arrived

    def _carry(self, message_id: int) -> bool:
        state = ReceiptState.REJECTED
        while state is ReceiptState.REJECTED:
            message = self._send(message_id)
            if message.status != Status.SENT:
                break
            drawn = self.rng.choices(list(_REPORTS), list(_REPORTS.values()))[0]
            if drawn is None:
                break
            state = drawn
            # A message that the operator rejects goes to the other gateway.
            self._report(message, state)
        return state is ReceiptState.DELIVERED or message.purpose == TextMessage.NOTICE

    def _send(self, message_id: int) -> TextMessage:
        while True:
            self.clock.forward(self.rng.uniform(0.2, 1.2))
            delivery.deliver(message_id)
            message = TextMessage.objects.get(pk=message_id)
            if message.status != Status.QUEUED:
                return message
            self.clock.forward(_AGAIN)

    def _report(self, message: TextMessage, state: ReceiptState) -> None:
        slow = self.rng.random() < _HARDLY_EVER
        self.clock.forward(self.rng.uniform(12, 45) if slow else self.rng.lognormvariate(1.1, 0.4))
        event_id = f"{self.rng.getrandbits(128):032x}"
        reference = make_reference(message.pk, message.gateway)
        report = ParsedReceipt(event_id, reference, message.gateway_message_id, state, state.value)
        receipts.store(message.gateway, "", [report])
        receipts.process_receipts(message.gateway, [event_id])
