"""The operator behind the demo's gateways: reads the messages, waits as each one says, and reports to the portal."""

import heapq
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

logger = logging.getLogger(__name__)

TRIES = 10  # for one report; the portal may still be starting
PAUSE = 1.0  # seconds between two tries
_FORGOTTEN = 60.0  # seconds; a new process does not send reports that were due before that


@dataclass(order=True)
class Report:
    """A receipt to send: when it is due, in seconds since the epoch, and its URL."""

    due: float
    url: str
    tries: int = 0


@dataclass
class Operator:
    """Follows one file of messages. Each call gives the time, in seconds since the epoch."""

    path: Path
    started: float
    _read: int = 0
    _waiting: list[Report] = field(default_factory=list)

    def turn(self, now: float) -> int:
        """Read new messages and send the reports that are due. Return how many reports the portal accepted."""
        for report in self._new():
            heapq.heappush(self._waiting, report)
        taken = 0
        while self._waiting and self._waiting[0].due <= now:
            report = heapq.heappop(self._waiting)
            if _send(report.url):
                taken += 1
            elif report.tries + 1 < TRIES:
                heapq.heappush(self._waiting, Report(now + PAUSE, report.url, report.tries + 1))
        return taken

    def _new(self) -> Iterator[Report]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    return  # the line is still being written
                self._read += len(line)
                message = json.loads(line)
                due = datetime.fromisoformat(message["at"]).timestamp() + message.get("after", 0)
                if message.get("report") and due > self.started - _FORGOTTEN:
                    yield Report(due, message["report"])


def _send(url: str) -> bool:
    try:
        answer = httpx.get(url, timeout=5, trust_env=False)
    except httpx.HTTPError as error:
        # SECURITY: log only the type of the error. Its text may contain the URL with the signature.
        logger.info("a demo receipt was not taken (%s)", type(error).__name__)
        return False
    return answer.status_code < 500
