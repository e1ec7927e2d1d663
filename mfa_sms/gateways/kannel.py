"""Kannel, which connects to any operator over SMPP.

https://www.kannel.org/download/1.4.5/userguide-1.4.5/userguide.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from common import keyed_digests
from mfa_sms.gateways import http
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
)
from mfa_sms.gateways.urls import GatewayUrl

# How a 2xx answer begins if the message was accepted. Any other answer leaves the result unknown.
TAKEN = b"0:"
# Kannel keeps the message until it has a connection to the operator again. Another gateway may be faster.
KEPT = b"3:"
# How a 403 begins that is about the number, and not about our password.
NOT_ROUTABLE = b"Not routable"
# Meaning of a state in a receipt. Any other state changes nothing.
STATES = {
    "1": ReceiptState.DELIVERED,
    "2": ReceiptState.UNDELIVERABLE,
    "4": ReceiptState.SENT,
    "8": ReceiptState.SENT,
    "16": ReceiptState.REJECTED,
    "34": ReceiptState.EXPIRED,  # 2 plus a bit for the reason
}
ALL_STATES = "31"


@dataclass(frozen=True)
class KannelGateway:
    """`kannel://user:password@host:13013`. A host other than this machine needs `?tls=1`."""

    base: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    slug: str = "kannel"
    wants_receipts: bool = True
    can_verify_receipts: bool = True

    @classmethod
    def from_url(cls, url: str) -> KannelGateway:
        """Return the gateway. Raises `BadGatewayUrl`."""
        parts = GatewayUrl.parse(url, ["tls"])
        parts.require(user=parts.user, password=parts.password)
        # SECURITY: the query contains password, number and code. A smsbox uses plain HTTP unless configured otherwise.
        # `?tls=1` confirms that a remote one uses TLS.
        if parts.options.get("tls", "1") != "1" or not (parts.is_loopback or "tls" in parts.options):
            raise BadGatewayUrl("kannel: a host that is not this machine needs TLS in front of it, and ?tls=1")
        return cls(parts.base, parts.user, parts.password, parts.slug)

    def send(self, message: OutgoingMessage) -> SendResult:
        """Send the message. Kannel gives its id only in receipts, and counts validity in whole minutes."""
        query = {
            "username": self.user,
            "password": self.password,
            "from": message.sender,
            "to": message.to,
            "text": message.text,
            "charset": "UTF-8",
            "coding": "0",
            "validity": str(max(1, message.validity // 60)),
        }
        if message.receipt_url:
            query |= {"dlr-mask": ALL_STATES, "dlr-url": self._receipt_url(message)}
        answer = http.exchange("GET", f"{self.base}/cgi-bin/sendsms", _explain, query=query)
        if not answer.body.startswith(TAKEN):
            raise GatewayError(GatewayFault.UNKNOWN, "queued" if answer.body.startswith(KEPT) else "")
        return SendResult()

    def parse_receipt(self, request: HttpRequest) -> list[ParsedReceipt]:
        """Read the request to a `dlr-url`.

        Kannel repeats the request unless the answer is 200. It treats 204 as a failure.
        """
        reference, mac = request.GET.get("reference", ""), request.GET.get("mac", "")
        if not any(constant_time_compare(mac, right) for right in self._macs(reference)):
            raise ReceiptRefused
        state, message_id = short_code(request.GET.get("state")), message_id_of(request.GET.get("id"))
        if not state:
            raise ReceiptUnreadable
        event_id = event_digest(reference, state, message_id)
        return [ParsedReceipt(event_id, reference, message_id, STATES.get(state, ReceiptState.UNCHANGED), state)]

    def _receipt_url(self, message: OutgoingMessage) -> str:
        fixed = urlencode({"reference": message.reference, "mac": self._macs(message.reference)[0]})
        # SECURITY: do not add %A, the operator's answer. Over SMPP it quotes the beginning of the text, which is the
        # code, and URLs are logged along the way.
        return f"{message.receipt_url}?{fixed}".replace("%", "%%") + "&state=%d&id=%F"

    def _macs(self, reference: str) -> list[str]:
        # SECURITY: Kannel signs nothing. Without the key, an attacker can report nothing. With one URL, an attacker can
        # report on that message only. The key is not the gateway's password, because more parties see the URL.
        return keyed_digests.all_digests("mfa_sms.kannel", f"{self.slug}:{reference}")


def _explain(answer: http.GatewayResponse) -> tuple[GatewayFault | None, str]:
    # Kannel gives the reason only as text.
    if answer.status == 403 and answer.body.startswith(NOT_ROUTABLE):
        return GatewayFault.REJECTED, "not-routable"
    return None, ""
