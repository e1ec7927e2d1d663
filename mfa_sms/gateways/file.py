"""Writes messages to a file, one JSON object per line. For development only: the file contains codes."""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils import timezone

from mfa_sms.gateways.base import BadGatewayUrl, GatewayError, GatewayFault, NoReceipts, OutgoingMessage, SendResult


@dataclass(frozen=True)
class FileGateway(NoReceipts):
    """`file:///path.jsonl`. Each line has the fields id, at, to, sender, text and reference."""

    path: Path
    slug: str = "file"

    @classmethod
    def from_url(cls, url: str) -> FileGateway:
        """Return the gateway for a URL with an absolute path. Raises `BadGatewayUrl`."""
        parts = urlsplit(url)
        if parts.netloc or not parts.path.strip("/"):
            raise BadGatewayUrl("a file gateway has three slashes and an absolute path: file:///path.jsonl")
        return cls(Path(unquote(parts.path)))

    def send(self, message: OutgoingMessage) -> SendResult:
        """Append one complete line, even if several processes write at once."""
        message_id = uuid.uuid4().hex
        append(self.path, message, message_id)
        return SendResult(message_id)


def append(path: Path, message: OutgoingMessage, message_id: str, **more: object) -> None:
    """Append a message to a file as one line of JSON; `more` are extra fields. Raises `GatewayError`."""
    fields = {
        "id": message_id,
        "at": timezone.now().isoformat(timespec="milliseconds"),
        "to": message.to,
        "sender": message.sender,
        "text": message.text,
        "reference": message.reference,
        **more,
    }
    line = json.dumps(fields, ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(f"{line}\n")
    except OSError:
        raise GatewayError(GatewayFault.UNAVAILABLE) from None
