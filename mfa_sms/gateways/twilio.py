"""Twilio, through its Messages resource. https://www.twilio.com/docs/messaging/api/message-resource"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from mfa_sms.gateways import http, receipts
from mfa_sms.gateways.base import (
    BadGatewayUrl,
    GatewayError,
    GatewayFault,
    OutgoingMessage,
    ParsedReceipt,
    ReceiptRefused,
    ReceiptState,
    ReceiptUnreadable,
    SendResult,
    event_digest,
    message_id_of,
    short_code,
    short_id,
)
from mfa_sms.gateways.urls import GatewayUrl

# Meaning of an error code when a message is sent. For any other code, the status of the answer decides.
FAULTS = {
    "21211": GatewayFault.REFUSED,  # not a valid number
    "21614": GatewayFault.REFUSED,  # not a mobile number
    "21610": GatewayFault.REJECTED,  # the recipient answered STOP to this sender; another one may still send
    "21408": GatewayFault.REJECTED,  # country not enabled
    "60605": GatewayFault.REJECTED,  # country blocked
    "20404": GatewayFault.MISCONFIGURED,  # no such account
    "21606": GatewayFault.REJECTED,  # our sender cannot send to this destination
    "21212": GatewayFault.MISCONFIGURED,  # our sender is not valid
    "21603": GatewayFault.MISCONFIGURED,  # there is no sender
    "21657": GatewayFault.MISCONFIGURED,  # our sender is not ours
    "21659": GatewayFault.MISCONFIGURED,  # our sender is no number of Twilio
    "21705": GatewayFault.MISCONFIGURED,  # our messaging service is not valid
    "21611": GatewayFault.BUSY,  # the queue of our sender is full
}
# Meaning of a status in a receipt, or of an error code, which is more precise. Any other value changes nothing.
STATES = {
    "accepted": ReceiptState.SENT,
    "queued": ReceiptState.SENT,
    "sending": ReceiptState.SENT,
    "sent": ReceiptState.SENT,
    "delivered": ReceiptState.DELIVERED,
    "undelivered": ReceiptState.UNDELIVERABLE,
    "failed": ReceiptState.REJECTED,
    "canceled": ReceiptState.REJECTED,
    "read": ReceiptState.DELIVERED,
    "30036": ReceiptState.EXPIRED,
}
VALIDITY_MAX = 36_000  # seconds
ORIGINS = {"from": "From", "service": "MessagingServiceSid"}
# A number, a short code, or at most eleven letters, digits and few more with at least one letter.
SENDER = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}")


@dataclass(frozen=True)
class TwilioGateway:
    """`twilio://SID:TOKEN@api.twilio.com?from=+45…`, or `?service=MG…`."""

    base: str
    account: str = field(repr=False)
    token: str = field(repr=False)
    origin: tuple[str, str] = field(repr=False)
    slug: str = "twilio"
    wants_receipts: bool = True
    can_verify_receipts: bool = True

    @classmethod
    def from_url(cls, url: str) -> TwilioGateway:
        """Return the gateway. Raises `BadGatewayUrl`."""
        parts = GatewayUrl.parse(url, ORIGINS)
        parts.require(SID=parts.user, token=parts.password)
        given = [(ORIGINS[option], value) for option, value in parts.options.items() if option in ORIGINS]
        if len(given) != 1:
            raise BadGatewayUrl("twilio: needs one of the options from and service")
        if given[0][0] == "From" and not SENDER.fullmatch(given[0][1]):
            raise BadGatewayUrl(
                "twilio: the option from takes a number, or 1 to 11 letters, digits, & + _ - and spaces"
            )
        return cls(parts.base, parts.user, parts.password, given[0], parts.slug)

    def send(self, message: OutgoingMessage) -> SendResult:
        form = {
            "To": message.to,
            **dict([self.origin]),
            "Body": message.text,
            "ValidityPeriod": str(min(max(1, message.validity), VALIDITY_MAX)),
        }
        if message.receipt_url:
            form["StatusCallback"] = f"{message.receipt_url}?{urlencode({'reference': message.reference})}"
        answer = http.exchange(
            "POST",
            f"{self.base}/2010-04-01/Accounts/{quote(self.account, safe='')}/Messages.json",
            _explain,
            headers={"Authorization": f"Basic {b64encode(f'{self.account}:{self.token}'.encode()).decode()}"},
            form=form,
        )
        return _read_created(answer.document)

    def parse_receipt(self, request: HttpRequest) -> list[ParsedReceipt]:
        """Read a status callback. Our reference is in its URL, which the signature covers."""
        fields = receipts.form(receipts.body(request))
        pairs = "".join(name + value for name, value in sorted(set(fields)))
        signed = f"{settings.PORTAL_URL}{request.get_full_path()}{pairs}"
        right = b64encode(hmac.digest(self.token.encode(), signed.encode(), "sha1")).decode()
        if not constant_time_compare(request.headers.get("X-Twilio-Signature", ""), right):
            raise ReceiptRefused
        values = dict(fields)
        message_id, reference = message_id_of(values.get("MessageSid")), short_id(request.GET.get("reference"))
        status, code = short_code(values.get("MessageStatus")), short_code(values.get("ErrorCode"))
        if not message_id or not status:
            raise ReceiptUnreadable
        state = STATES.get(code) or STATES.get(status.lower(), ReceiptState.UNCHANGED)
        return [ParsedReceipt(event_digest(message_id, status, code), reference, message_id, state, status, code)]


def _read_created(document: dict[str, object]) -> SendResult:
    """Read a 2xx answer. The message was created, but may have failed at once. Raises `GatewayError`."""
    code = short_code(document.get("error_code") or document.get("code"))
    if code or document.get("status") == "failed":
        raise GatewayError(FAULTS.get(code, GatewayFault.REJECTED), code)
    message_id, parts = message_id_of(document.get("sid")), short_id(document.get("num_segments"))
    if not message_id:
        raise GatewayError(GatewayFault.UNKNOWN)
    return SendResult(message_id, int(parts) if re.fullmatch("[1-9]", parts) else None)


def _explain(answer: http.GatewayResponse) -> tuple[GatewayFault | None, str]:
    code = short_code(answer.document.get("code"))
    return FAULTS.get(code), code
