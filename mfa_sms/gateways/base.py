"""What every gateway promises."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from django.http import HttpRequest

# SECURITY: a code of the gateway's is kept and logged, its text never is. Six digits in a row may be one of our codes,
# or a piece of a number that the gateway quotes.
_CODE = re.compile(r"(?!.*\d{6})[!-~]{1,32}")
_ID = re.compile(r"[!-~]{1,64}")


class BadGatewayUrl(ValueError):
    """A URL in SMS_GATEWAYS configures no gateway. The text says why, without credentials."""


class GatewayFault(Enum):
    """Why a gateway did not take a message."""

    REFUSED = "refused"  # the number cannot receive a message; no other gateway would do better
    REJECTED = "rejected"  # this operator or sender; another gateway may do
    UNAVAILABLE = "unavailable"  # no connection, a fault of its own, or too busy
    UNKNOWN = "unknown"  # the request left and no answer came: it may have been taken
    MISCONFIGURED = "misconfigured"  # our credentials


@dataclass
class GatewayError(Exception):
    """A message was not taken, or may not have been; `fault` says which. Carries no text of the gateway's.

    `code` is the gateway's own short error code, empty where it gave none that is fit to be kept. `retry_after` is
    how many seconds the gateway asks to be left alone, None where it does not ask.
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
    """One message.

    `to` is E.164; `reference` is our id; `validity` is what is left of the code's life, in seconds; `receipt_url` is
    the public address, without a query, where this gateway's receipts are taken, empty where none are wanted.
    """

    to: str = field(repr=False)
    text: str = field(repr=False)
    sender: str
    reference: str
    validity: int
    receipt_url: str = ""


@dataclass(frozen=True)
class SendResult:
    """The gateway took the message; `message_id` is its own id, empty where it gives none; `parts` what it bills."""

    message_id: str = ""
    parts: int | None = None


class ReceiptState(Enum):
    """What a receipt says of a message, in our words."""

    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    EXPIRED = "expired"
    REJECTED = "rejected"
    UNCHANGED = "unchanged"  # keep the gateway's word beside ours, change nothing


@dataclass(frozen=True)
class ParsedReceipt:
    """A gateway's report of what became of one message.

    `event_id` is the same each time the same report comes, at most 64 characters; unique within a gateway. `reference`
    is our id as the gateway echoes it, `message_id` the gateway's own; one of them may be empty, not both.
    `raw_status` and `error_code` are the gateway's own words. `at` is aware, None where the gateway gives no time.
    """

    event_id: str
    reference: str
    message_id: str
    state: ReceiptState
    raw_status: str
    error_code: str = ""
    at: datetime | None = None


class ReceiptRefused(Exception):
    """A receipt is not authentic, or this gateway takes none."""


class ReceiptUnreadable(Exception):
    """A receipt cannot be read: it broke off, or lacks what every receipt has."""


class Gateway(Protocol):
    """A provider."""

    @property
    def slug(self) -> str:
        """The gateway's name, as messages keep it and the address of its receipts has it; a-z, 0-9 and hyphens."""
        ...

    @property
    def wants_receipts(self) -> bool:
        """Whether the gateway reports what became of messages, so that `receipt_url` is worth giving."""
        ...

    @property
    def can_verify_receipts(self) -> bool:
        """Whether it is configured with what authenticates a receipt; without it each one is refused."""
        ...

    def send(self, message: OutgoingMessage) -> SendResult:
        """Hand the message over. Raises `GatewayError` and nothing else. Called outside any transaction."""
        ...

    def parse_receipt(self, request: HttpRequest) -> list[ParsedReceipt]:
        """Return what a request to the receipts' address reports; empty for an event that is not about delivery.

        Authenticates the request by itself, in constant time. Raises `ReceiptRefused` or `ReceiptUnreadable`, and
        nothing else. Reads `request.body`: nothing may have read the stream before.
        """
        ...


class NoReceipts(Gateway, Protocol):
    """A gateway that never reports."""

    @property
    def wants_receipts(self) -> bool:
        """Never."""
        return False

    @property
    def can_verify_receipts(self) -> bool:
        """Never."""
        return False

    def parse_receipt(self, request: HttpRequest) -> list[ParsedReceipt]:
        """Refuse whatever comes."""
        raise ReceiptRefused


def short_code(value: object) -> str:
    """Return a gateway's status or error code if it is one: a number or a word of printable ASCII; else nothing."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _CODE.fullmatch(text) else ""


def short_id(value: object) -> str:
    """Return an id if it is one: text of at most 64 characters of printable ASCII; else nothing."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def event_digest(*parts: str) -> str:
    """Return an event id for a gateway whose receipts have none: the same parts, the same event."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
