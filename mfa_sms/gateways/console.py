"""Prints messages. For development only: the output contains codes."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from mfa_sms.gateways.base import NoReceipts, OutgoingMessage, SendResult


@dataclass(frozen=True)
class ConsoleGateway(NoReceipts):
    """`console://`."""

    slug: str = "console"

    @classmethod
    def from_url(cls, url: str) -> ConsoleGateway:
        """Return the gateway. The rest of the URL is ignored."""
        return cls()

    def send(self, message: OutgoingMessage) -> SendResult:
        """Print the message to standard output."""
        sys.stdout.write(f"--- SMS {message.sender} -> {message.to}\n{message.text}\n---\n")
        sys.stdout.flush()
        return SendResult()
