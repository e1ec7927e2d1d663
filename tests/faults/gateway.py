"""Two gateways in one process, `a` and `b`, that speak GatewayAPI's protocol and have moods.

The journal gets an entry for each complete request, before the response: the time, the message, and whether the phone
receives it.
"""

import json
import random
import sys
import threading
import uuid
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.faults.helpers import obey
from tests.faults.journal import Journal
from tests.faults.receipts import Receipts

SECRET = "of-the-webhook"
NAMES = ("a", "b")
SLOW = 0.05  # share of the good responses that take seconds
HANGS = 25.0  # seconds; longer than the timeout of the portal


class Mood(StrEnum):
    """How a gateway responds."""

    WELL = "well"
    ERROR = "error"  # responds with 500 and does not take the message
    HANG = "hang"  # hangs without a response, and takes every second message
    NONSENSE = "nonsense"  # takes the message and responds with 200 and an invalid body
    MUTE = "mute"  # takes the message and closes the connection


class Server(ThreadingHTTPServer):
    """Both gateways. The token of a request selects one."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, journal: Journal, receipts: Receipts) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.journal, self.receipts = journal, receipts
        self.moods = dict.fromkeys(NAMES, Mood.WELL)

    def do(self, line: str) -> str:
        """Execute a command. `waiting` returns the number of receipts to come; `a hang` changes the mood of gateway
        `a`.
        """
        if line == "waiting":
            return str(self.receipts.waiting)
        name, _space, mood = line.partition(" ")
        self.moods[name] = Mood(mood)
        return "done"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def do_POST(self) -> None:
        """Take or refuse a message, depending on the mood."""
        document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = self.headers["Authorization"].removeprefix("Token ")
        reference, message_id = document["reference"], uuid.uuid4().hex
        number = int(reference.partition("-")[0])
        mood = self.server.moods[name]
        taken = mood is not Mood.ERROR and not (mood is Mood.HANG and number % 2)
        self.server.journal.write(gateway=name, reference=number, message_id=message_id, mood=mood, taken=taken)
        if taken:
            self.server.receipts.plan(name, reference, message_id)
        self._reply(mood, {"msg_id": message_id, "reference": reference})

    def _reply(self, mood: Mood, answer: dict[str, str]) -> None:
        if mood is Mood.WELL:
            _pass(random.uniform(0.5, 3) if random.random() < SLOW else random.uniform(0.02, 0.2))
            self._send(201, json.dumps(answer).encode())
        elif mood is Mood.ERROR:
            self._send(500, b"")
        elif mood is Mood.NONSENSE:
            self._send(200, b"<html>Welcome</html>")
        else:
            _pass(HANGS if mood is Mood.HANG else 0)
            self.close_connection = True

    def _send(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:
            # The client was killed.
            self.close_connection = True

    def handle(self) -> None:
        """Serve until the client disconnects, even with an error."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Suppress the log. The journal replaces it."""


def _pass(seconds: float) -> None:
    """Wait, to be as slow as a real gateway."""
    threading.Event().wait(seconds)


def main() -> None:
    """Serve until standard input ends."""
    journal = Journal(Path(sys.argv[1]))
    server = Server(journal, Receipts(sys.argv[2], SECRET, journal))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    obey(server.server_port, server.do)


if __name__ == "__main__":
    main()
