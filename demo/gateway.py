"""A gateway for the demo: the last digit of the number decides the delivery status, so that each can be tried.

It writes each message to a file. `demo.operator`, a separate process, reads the file and reports to the portal's
receipt endpoint over HTTP, as a provider does.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import keyed_digests
from mfa_sms.gateways import (
    BadGatewayUrl,
    GatewayError,
    GatewayFault,
    OutgoingMessage,
    ParsedReceipt,
    ReceiptRefused,
    ReceiptState,
    ReceiptUnreadable,
    SendResult,
)
from mfa_sms.gateways.base import event_digest, short_id
from mfa_sms.gateways.file import append


@dataclass(frozen=True)
class Behavior:
    """The handling of messages to numbers that end with one of `digits`.

    `report`: the state in the receipt, sent after `after` seconds; None: no receipt. `arrives`: whether a phone shows
    the message. `refused`: the gateway does not accept the message.
    """

    digits: str
    words: str | Promise
    report: ReceiptState | None = None
    after: int = 2
    arrives: bool = False
    refused: bool = False

    @property
    def shown(self) -> str:
        """The digits as people read them, for example "0–4"."""
        return f"{self.digits[0]}–{self.digits[-1]}" if len(self.digits) > 1 else self.digits


BEHAVIORS = (
    Behavior("01234", _("Delivered after 2 seconds"), ReceiptState.DELIVERED, arrives=True),
    Behavior("5", _("Delivered after 40 seconds"), ReceiptState.DELIVERED, after=40, arrives=True),
    Behavior("6", _("The phone is off: the operator reports that it cannot be reached"), ReceiptState.UNDELIVERABLE),
    Behavior("7", _("Unknown number: the gateway does not take the message"), refused=True),
    Behavior("8", _("The operator refuses the message"), ReceiptState.REJECTED),
    Behavior("9", _("Silent: the message arrives, and no receipt comes"), arrives=True),
)


def behavior(number: str) -> Behavior:
    """Return the behavior for a number, chosen by its last digit."""
    return next((one for one in BEHAVIORS if number[-1:] in one.digits), BEHAVIORS[0])


@dataclass(frozen=True)
class DemoGateway:
    """The gateway of `demo:///path.jsonl`. `?name=` sets its slug, so that there can be a second one."""

    path: Path
    slug: str = "demo"
    wants_receipts: bool = True
    can_verify_receipts: bool = True

    @classmethod
    def from_url(cls, url: str) -> DemoGateway:
        """Return the gateway for a URL. Raise `BadGatewayUrl` unless the URL is an absolute path without a host."""
        parts = urlsplit(url)
        if parts.netloc or not parts.path.strip("/"):
            raise BadGatewayUrl("a demo gateway has three slashes and an absolute path: demo:///path.jsonl")
        return cls(Path(unquote(parts.path)), parse_qs(parts.query).get("name", ["demo"])[0])

    def send(self, message: OutgoingMessage) -> SendResult:
        """Append the message to the file, with the behavior for its number.

        Raise `GatewayError` if the behavior is a refusal.
        """
        decided = behavior(message.to)
        if decided.refused:
            raise GatewayError(GatewayFault.REFUSED, "unknown")
        message_id = uuid.uuid4().hex
        append(
            self.path,
            message,
            message_id,
            arrives=decided.after if decided.arrives else None,
            report=self._report_url(message, message_id, decided.report) if decided.report else "",
            after=decided.after,
        )
        return SendResult(message_id, 1)

    def parse_receipt(self, request: HttpRequest) -> list[ParsedReceipt]:
        """Return the receipt in the query string.

        Raise `ReceiptRefused` if the signature is wrong, and `ReceiptUnreadable` if the state is unknown.
        """
        reference, state, message_id = (request.GET.get(name, "") for name in ("reference", "state", "id"))
        if not constant_time_compare(request.GET.get("mac", ""), self._mac(reference, message_id)):
            raise ReceiptRefused
        if state not in {one.value for one in ReceiptState}:
            raise ReceiptUnreadable
        event_id = event_digest(reference, state, message_id)
        return [ParsedReceipt(event_id, reference, short_id(message_id), ReceiptState(state), state)]

    def _report_url(self, message: OutgoingMessage, message_id: str, state: ReceiptState) -> str:
        query = {
            "reference": message.reference,
            "id": message_id,
            "mac": self._mac(message.reference, message_id),
            "state": state.value,
        }
        return f"{message.receipt_url}?{urlencode(query)}"

    def _mac(self, reference: str, message_id: str) -> str:
        # SECURITY: a person who has seen one URL can report only on that message.
        return keyed_digests.digest("demo.gateway", f"{self.slug}:{reference}:{message_id}")
