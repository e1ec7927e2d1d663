"""GatewayAPI, through its Messaging API. https://gatewayapi.com/docs/apis/messaging/"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from mfa_sms.gateways import http, receipts
from mfa_sms.gateways.base import (
    GatewayError,
    GatewayFault,
    OutgoingMessage,
    ParsedReceipt,
    ReceiptRefused,
    ReceiptState,
    ReceiptUnreadable,
    SendResult,
    message_id_of,
    short_code,
    short_id,
)
from mfa_sms.gateways.urls import GatewayUrl

# Meaning of a status in a receipt. Any other status changes nothing, including ACCEPTED and UNKNOWN.
STATES = {
    "BUFFERED": ReceiptState.SENT,
    "ENROUTE": ReceiptState.SENT,
    "DELIVERED": ReceiptState.DELIVERED,
    "DISPLAYED": ReceiptState.DELIVERED,  # by RCS
    "UNDELIVERABLE": ReceiptState.UNDELIVERABLE,
    "DELETED": ReceiptState.UNDELIVERABLE,
    "EXPIRED": ReceiptState.EXPIRED,
    "REJECTED": ReceiptState.REJECTED,
    "SKIPPED": ReceiptState.REJECTED,
}
# Meaning of an invalid field in our request (422). For any other field, another gateway may accept the message.
FIELDS = {"recipient": GatewayFault.REFUSED, "sender": GatewayFault.MISCONFIGURED}


@dataclass(frozen=True)
class GatewayApiGateway:
    """`gatewayapi://TOKEN@messaging.gatewayapi.eu?secret=WEBHOOKSECRET`.

    The receipt URL and the secret are entered at GatewayAPI. Without a secret, receipts are refused.
    """

    base: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    slug: str = "gatewayapi"
    wants_receipts: bool = True

    @classmethod
    def from_url(cls, url: str) -> GatewayApiGateway:
        """Return the gateway. Raises `BadGatewayUrl`."""
        parts = GatewayUrl.parse(url, ["secret"])
        parts.require(token=parts.user)
        parts.forbid(password=parts.password)
        return cls(parts.base, parts.user, parts.options.get("secret", ""), parts.slug)

    @property
    def can_verify_receipts(self) -> bool:
        """Whether the webhook secret is configured."""
        return bool(self.secret)

    def send(self, message: OutgoingMessage) -> SendResult:
        """Send the message with priority over messages that are not urgent."""
        answer = http.exchange(
            "POST",
            f"{self.base}/mobile/single",
            _explain,
            headers={"Authorization": f"Token {self.token}"},
            document={
                "sender": message.sender,
                "recipient": int(message.to.lstrip("+")),
                "message": message.text,
                "reference": message.reference,
                "priority": "urgent",
                "expiration": f"PT{max(1, message.validity)}S",
            },
        )
        message_id = message_id_of(answer.document.get("msg_id"))
        if not message_id:
            raise GatewayError(GatewayFault.UNKNOWN)
        return SendResult(message_id)

    def parse_receipt(self, request: HttpRequest) -> list[ParsedReceipt]:
        """Read a `message.status.sms` event, or one of another channel such as RCS. Other events give an empty list."""
        body = receipts.body(request)
        right = "v1=" + hmac.digest(self.secret.encode(), body, "sha256").hex()
        # SECURITY: with an empty secret anyone can compute the signature.
        if not self.secret or not constant_time_compare(request.headers.get("Signature", ""), right):
            raise ReceiptRefused
        document = receipts.json_object(body)
        if not str(document.get("event_type")).startswith("message.status."):
            return []
        event, error = receipts.child(document, "event"), receipts.child(document, "event", "error")
        status = short_code(event.get("status"))
        event_id, message_id = short_id(document.get("event_id")), message_id_of(event.get("msg_id"))
        ids = event_id, short_id(event.get("reference")), message_id
        if not status or not ids[0] or not any(ids[1:]):
            raise ReceiptUnreadable
        state = STATES.get(status.upper(), ReceiptState.UNCHANGED)
        return [ParsedReceipt(*ids, state, status, short_code(error.get("hex_code")), _moment(event.get("status_at")))]


def _explain(answer: http.GatewayResponse) -> tuple[GatewayFault | None, str]:
    """Return the fault and error type of the first invalid field in a 422 that `FIELDS` lists.

    Otherwise return None and the type of the first error.
    """
    details = answer.document.get("detail")
    complaints = [item for item in details if isinstance(item, dict)] if isinstance(details, list) else []
    for complaint in complaints:
        place = complaint.get("loc")
        for name, fault in FIELDS.items():
            if answer.status == 422 and isinstance(place, list) and name in place:
                return fault, short_code(complaint.get("type"))
    return None, short_code(complaints[0].get("type")) if complaints else ""


def _moment(value: object) -> datetime | None:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and is_naive(moment) else moment
