"""A gateway that keeps messages in memory."""

from typing import Any


class MemoryGateway:
    """Sends nothing. Keeps the codes in `tokens`."""

    tokens: list[str] = []

    def send_sms(self, device: Any, token: str) -> None:
        self.tokens.append(token)
