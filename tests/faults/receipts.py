"""Receipts as gateways send them: at once or late, once or twice, in any order, until the portal takes them."""

import hashlib
import heapq
import hmac
import json
import random
import threading
import time
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.faults.journal import Journal

AGAIN_AFTER = 2.0  # seconds
PATIENCE = 10.0


@dataclass(order=True)
class _Due:
    at: float
    event_id: str
    gateway: str
    body: bytes
    known: dict[str, Any] = field(compare=False)


class Receipts:
    """Sends receipts from separate threads. The journal gets each that the portal acknowledged."""

    def __init__(self, portal: str, secret: str, journal: Journal) -> None:
        self._portal, self._secret, self._journal = portal, secret, journal
        self._heap: list[_Due] = []
        self._changed = threading.Condition()
        self._waiting = 0
        self._pool = ThreadPoolExecutor(4)
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def waiting(self) -> int:
        """The number of receipts that the portal has not taken yet."""
        return self._waiting

    def plan(self, gateway: str, reference: str, message_id: str) -> None:
        """Plan the receipts of one message: buffered, then delivered or undeliverable.

        A few messages get only the first receipt, or none.
        """
        chance = random.random()
        last = "UNDELIVERABLE" if chance < 0.03 else "DELIVERED"
        first = 0.0 if random.random() < 0.4 else random.uniform(0.1, 3)
        if chance < 0.9:
            self._add(gateway, reference, message_id, "BUFFERED", first)
        if chance < 0.88:
            self._add(gateway, reference, message_id, last, 0.0 if random.random() < 0.2 else random.uniform(0.1, 4))

    def _add(self, gateway: str, reference: str, message_id: str, status: str, seconds: float) -> None:
        event_id = str(uuid.uuid4())
        event = {"status": status, "reference": reference, "msg_id": message_id}
        known = {"gateway": gateway, "reference": int(reference.partition("-")[0]), "message_id": message_id}
        document = {"event_type": "message.status.sms", "event_id": event_id, "event": event}
        body = json.dumps(document).encode()
        now = time.monotonic()
        times = [now + seconds] + ([now + seconds + random.uniform(0, 2)] if random.random() < 0.5 else [])
        with self._changed:
            for number, at in enumerate(times):
                due = _Due(at, f"{event_id}-{number}", gateway, body, {**known, "status": status})
                heapq.heappush(self._heap, due)
            self._waiting += len(times)
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._heap or self._heap[0].at > time.monotonic():
                    self._changed.wait(max(0.001, self._heap[0].at - time.monotonic()) if self._heap else None)
                due = heapq.heappop(self._heap)
            self._pool.submit(self._post, due)

    def _post(self, due: _Due) -> None:
        signature = "v1=" + hmac.new(self._secret.encode(), due.body, hashlib.sha256).hexdigest()
        headers = {"Signature": signature, "Content-Type": "application/json"}
        request = urllib.request.Request(  # noqa: S310 - our own portal
            f"{self._portal}/sms/receipts/{due.gateway}/", due.body, headers
        )
        try:
            with self._opener.open(request, timeout=PATIENCE):
                taken = True
        except OSError:
            taken = False
        with self._changed:
            if taken:
                self._journal.write(kind="receipt", **due.known)
                self._waiting -= 1
                return
            due.at = time.monotonic() + AGAIN_AFTER
            heapq.heappush(self._heap, due)
            self._changed.notify()
