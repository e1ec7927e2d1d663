"""What every gateway promises."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol


class BadGatewayUrl(ValueError):
    """A URL in SMS_GATEWAYS configures no gateway. The text says why, without credentials."""


class Fault(Enum):
    """Why a gateway did not take a message."""

    REFUSED = "refused"  # the number cannot receive a message; no other gateway would do better
    REJECTED = "rejected"  # this operator or sender; another gateway may do
    UNAVAILABLE = "unavailable"  # no connection, a fault of its own, or too busy
    UNKNOWN = "unknown"  # the request left and no answer came: it may have been taken
    MISCONFIGURED = "misconfigured"  # our credentials


@dataclass
class GatewayError(Exception):
    """A message was not taken, or may not have been; `fault` says which. Carries no text of the gateway's."""

    fault: Fault

    def __str__(self) -> str:
        return self.fault.value


@dataclass(frozen=True)
class OutgoingMessage:
    """One message. `to` is E.164; `reference` is our id; `validity` is what is left of the code's life, in seconds."""

    to: str = field(repr=False)
    text: str = field(repr=False)
    sender: str
    reference: str
    validity: int


@dataclass(frozen=True)
class SendResult:
    """The gateway took the message; `message_id` is its own id, empty where it gives none."""

    message_id: str = ""


class Gateway(Protocol):
    """A provider."""

    @property
    def slug(self) -> str:
        """The gateway's name, as messages keep it."""
        ...

    def send(self, message: OutgoingMessage) -> SendResult:
        """Hand the message over. Raises `GatewayError` and nothing else. Called outside any transaction."""
        ...
