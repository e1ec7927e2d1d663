"""Fake gateways that behave as a test requires."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.http import HttpRequest

from mfa_sms import breaker, gateways
from mfa_sms.gateways import GatewayError, GatewayFault, OutgoingMessage, ParsedReceipt, ReceiptRefused, SendResult


@dataclass
class FakeGateway:
    """Remembers its messages, calls `meanwhile`, then raises `error` if there is one."""

    slug: str = "fake"
    error: Exception | None = None
    wants_receipts: bool = False
    can_verify_receipts: bool = False
    meanwhile: Callable[[], object] = bool
    sent: list[OutgoingMessage] = field(default_factory=list)

    def send(self, message: OutgoingMessage) -> SendResult:
        """Accept the message, or raise `error`."""
        self.sent.append(message)
        self.meanwhile()
        if self.error is not None:
            raise self.error
        return SendResult(f"{self.slug}-{message.reference}")

    def parse_receipt(self, request: HttpRequest) -> list[ParsedReceipt]:
        """Refuse every receipt."""
        raise ReceiptRefused


def failing(slug: str, fault: GatewayFault, meanwhile: Callable[[], object] = bool) -> FakeGateway:
    """Return a gateway that accepts no message."""
    return FakeGateway(slug, GatewayError(fault), meanwhile=meanwhile)


def use(monkeypatch: pytest.MonkeyPatch, *chosen: FakeGateway) -> None:
    """Configure these gateways, in this order."""
    monkeypatch.setattr(gateways, "configured", lambda: list(chosen))
    breaker.forget()
