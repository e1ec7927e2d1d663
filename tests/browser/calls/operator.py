"""A simulated SMS operator that speaks GatewayAPI's protocol: unknown numbers, phones that are off, receipts."""

import hashlib
import hmac
import json
import threading
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from mfa_sms.gateways import OutgoingMessage
from mfa_sms.gateways.file import FileGateway

SECRET = "of-the-webhook"


class Operator(ThreadingHTTPServer):
    """The operator behind the gateway `slug`.

    It writes messages for phones that are on to a file like that of the file gateway. It refuses numbers in `unknown`.
    It reports each accepted message: as delivered, or as undeliverable for numbers in `off`.
    """

    daemon_threads = True

    def __init__(self, messages: Path, slug: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.phones = FileGateway(messages)
        self.slug = slug
        self.portal = ""
        self.unknown: set[str] = set()
        self.off: set[str] = set()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        """The gateway's URL for SMS_GATEWAYS."""
        return f"gatewayapi://token@127.0.0.1:{self.server_port}?secret={SECRET}&name={self.slug}"

    def take(self, document: dict[str, Any]) -> tuple[int, dict[str, object]]:
        """Deliver one message. Return the status and the body of the response."""
        number, reference = f"+{document['recipient']}", document["reference"]
        if number in self.unknown:
            return 422, {"detail": [{"loc": ["body", "recipient"], "type": "value_error"}]}
        message_id = uuid.uuid4().hex
        if number not in self.off:
            self.phones.send(OutgoingMessage(number, document["message"], document["sender"], reference, 600))
        status = "UNDELIVERABLE" if number in self.off else "DELIVERED"
        threading.Thread(target=self._report, args=(status, reference, message_id), daemon=True).start()
        return 201, {"msg_id": message_id, "reference": reference}

    def _report(self, status: str, reference: str, message_id: str) -> None:
        event = {"status": status, "reference": reference, "msg_id": message_id}
        body = json.dumps({"event_type": "message.status.sms", "event_id": uuid.uuid4().hex, "event": event}).encode()
        signature = "v1=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Signature": signature, "Content-Type": "application/json"}
        address = f"{self.portal}/sms/receipts/{self.slug}/"
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=20):  # noqa: S310
            pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Operator

    def do_POST(self) -> None:
        """Respond to one message."""
        status, answer = self.server.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Suppress the log."""
