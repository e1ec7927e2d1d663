"""The interface that every gateway implements."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from django.http import HttpRequest

# SECURITY: we store and log a gateway's error code, but never its text. Six digits in a row may be one of our codes, or
# part of a number that the gateway quotes.
_CODE = re.compile(r"(?!.*\d{6})[!-~]{1,32}")
_ID = re.compile(r"[!-~]{1,64}")


class BadGatewayUrl(ValueError):
    """A URL in SMS_GATEWAYS configures no gateway. The text gives the reason without credentials."""


class GatewayFault(Enum):
    """Why a gateway did not accept a message."""

    REFUSED = "refused"  # the number cannot receive messages; another gateway would not help
    REJECTED = "rejected"  # this operator or sender; another gateway may accept it
    UNAVAILABLE = "unavailable"  # no connection, or an internal error: certainly not accepted
    BUSY = "busy"  # certainly not accepted, because too much was asked at once
    UNKNOWN = "unknown"  # the request left without an answer: the gateway may have accepted it
    MISCONFIGURED = "misconfigured"  # our configuration, such as the credentials


@dataclass
class GatewayError(Exception):
    """A message was not accepted, or possibly not; `fault` says which. Contains no text of the gateway.

    `code` is the gateway's own short error code, or empty if it gave none that may be stored. `retry_after` is the
    number of seconds that the gateway asks us to wait, or None.
    """

    fault: GatewayFault
    code: str = ""
    retry_after: int | None = None

    def __post_init__(self) -> None:
        self.code = short_code(self.code)

    def __str__(self) -> str:
        return f"{self.fault.value} ({self.code})" if self.code else self.fault.value


@dataclass(frozen=True)
class OutgoingMessage:
    """One message to send.

    `to` is in E.164 format. `reference` is our id. `validity` is the remaining life of the code in seconds.
    `receipt_url` is the public URL for this gateway's receipts, without a query; empty if none are wanted.
    """

    to: str = field(repr=False)
    text: str = field(repr=False)
    sender: str
    reference: str
    validity: int
    receipt_url: str = ""


@dataclass(frozen=True)
class SendResult:
    """The gateway accepted the message.

    `message_id` is the gateway's id, or empty if it gives none. `parts` is the number of billed parts, or None.
    """

    message_id: str = ""
    parts: int | None = None


class ReceiptState(Enum):
    """The status in a receipt, in our terms."""

    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    EXPIRED = "expired"
    REJECTED = "rejected"
    UNCHANGED = "unchanged"  # record the gateway's status, but change nothing


@dataclass(frozen=True)
class ParsedReceipt:
    """A gateway's report on the delivery of one message.

    `event_id` identifies a report within a gateway, in at most 64 characters. A repeated report has the same one.
    `reference` is our id as the gateway returns it, and `message_id` is the gateway's id. One of the two may be empty.
    `raw_status` and `error_code` are the gateway's own values. `at` is timezone-aware, or None if the gateway gives no
    time.
    """

    event_id: str
    reference: str
    message_id: str
    state: ReceiptState
    raw_status: str
    error_code: str = ""
    at: datetime | None = None


class ReceiptRefused(Exception):
    """A receipt is not authentic, or this gateway sends none."""


class ReceiptUnreadable(Exception):
    """A receipt cannot be read: it is incomplete or lacks a required field."""


class Gateway(Protocol):
    """A provider of text messages."""

    @property
    def slug(self) -> str:
        """The gateway's name, stored with messages and part of its receipt URL: a-z, 0-9 and hyphens."""
        ...

    @property
    def wants_receipts(self) -> bool:
        """Whether the gateway reports on delivery and therefore needs `receipt_url`."""
        ...

    @property
    def can_verify_receipts(self) -> bool:
        """Whether the secret that authenticates receipts is configured. Without it, every receipt is refused."""
        ...

    def send(self, message: OutgoingMessage) -> SendResult:
        """Send the message. Raises `GatewayError` and nothing else. Called outside any transaction."""
        ...

    def parse_receipt(self, request: HttpRequest) -> list[ParsedReceipt]:
        """Return the receipts in a request; empty for an event that is not about delivery.

        Authenticates the request in constant time. Raises `ReceiptRefused` or `ReceiptUnreadable`, and nothing else.
        Reads `request.body`, so the stream must not have been read before.
        """
        ...


class NoReceipts(Gateway, Protocol):
    """A gateway that sends no receipts."""

    @property
    def wants_receipts(self) -> bool:
        return False

    @property
    def can_verify_receipts(self) -> bool:
        return False

    def parse_receipt(self, request: HttpRequest) -> list[ParsedReceipt]:
        """Refuse every receipt."""
        raise ReceiptRefused


def short_code(value: object) -> str:
    """Return a gateway's status or error code if it is valid; otherwise an empty string.

    A valid code is a number, or at most 32 printable ASCII characters. It has no six digits in a row.
    """
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _CODE.fullmatch(text) else ""


def message_id_of(value: object) -> str:
    """Return a gateway's id of a message in the form that we store; empty if the value is not an id.

    Any text or whole number is an id. A long or unusual one is stored as its digest, so that the id in a receipt is
    still found.
    """
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if not text or _ID.fullmatch(text) else f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:48]}"


def short_id(value: object) -> str:
    """Return an id if it is text of at most 64 printable ASCII characters; otherwise an empty string."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def event_digest(*parts: str) -> str:
    """Return an event id for receipts without one. The same parts give the same id."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
