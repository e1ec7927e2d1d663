"""The fault run within one process and with a clock that a test moves: seconds of faults in a fraction of a second.

Messages go through the portal's own delivery, receipts and sweep. Two gateways misbehave as those of the fault run do,
and keep a journal. A worker dies by an exception that nothing catches. The same judge compares both sides.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from mfa_sms import delivery, receipts, sweep
from mfa_sms.gateways import (
    GatewayError,
    GatewayFault,
    OutgoingMessage,
    ParsedReceipt,
    ReceiptRefused,
    ReceiptState,
    SendResult,
)
from mfa_sms.models import Attempt, Receipt, TextMessage
from tests.faults.judge import Row, judge

MOODS = ("well", "well", "well", "error", "mute", "nonsense", "reject", "killed")
REPORTS = ("DELIVERED", "DELIVERED", "DELIVERED", "UNDELIVERABLE", "REJECTED", "BUFFERED", "")
OUTAGE = 15.0  # seconds at the beginning, in which both gateways fail
SLOW = 10.0  # seconds until a request without an answer is given up
NAMES = ("a", "b")


class Killed(BaseException):
    """The worker dies here."""


@dataclass
class Gateway:
    """One gateway. Its mood and the fate of each message are drawn at random."""

    slug: str
    rehearsal: "Rehearsal"
    wants_receipts: bool = True
    can_verify_receipts: bool = True

    def send(self, message: OutgoingMessage) -> SendResult:
        """Take the message or not, and write that to the journal."""
        return self.rehearsal.asked(self.slug, message)

    def parse_receipt(self, request: HttpRequest) -> list[ParsedReceipt]:
        """Receipts come without a request here."""
        raise ReceiptRefused


@dataclass
class Rehearsal:
    """One run. `forward` moves the clock."""

    forward: Callable[[float], object]
    seed: int = 16
    journal: dict[int, list[Row]] = field(default_factory=dict)
    reports: dict[int, list[Row]] = field(default_factory=dict)
    late: list[tuple[float, str, ParsedReceipt]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.begin = _now()
        self.gateways = [Gateway(name, self) for name in NAMES]
        self._worker = self._workers = 0

    def asked(self, gateway: str, message: OutgoingMessage) -> SendResult:
        """Handle one request according to the current mood."""
        number = int(message.reference.split("-")[0])
        mood, message_id = self.random.choice(MOODS), f"{self.random.getrandbits(64):016x}"
        if _now() < self.begin + OUTAGE and number % 3:
            mood = "error"
        taken = mood not in ("error", "reject")
        entry = {"at": _now(), "gateway": gateway, "message_id": message_id, "mood": mood, "taken": taken}
        self.journal.setdefault(number, []).append(entry)
        if taken:
            self._plan_reports(number, gateway, message.reference, message_id)
        if self.random.random() < 0.2:
            # The broker delivers the task a second time, to another worker.
            self.deliver(number)
        self.forward(SLOW if mood == "mute" else self.random.uniform(0.01, 0.5))
        if self.random.random() < 0.3:
            self._post_due()
        if mood == "killed":
            raise Killed
        if mood == "error":
            raise GatewayError(GatewayFault.UNAVAILABLE, "http-503")
        if mood == "reject":
            raise GatewayError(GatewayFault.REJECTED, "barred")
        if mood in ("mute", "nonsense"):
            raise GatewayError(GatewayFault.UNKNOWN)
        return SendResult(message_id)

    def deliver(self, message_id: int) -> None:
        """Send as a worker of its own, which may die."""
        before = self._worker
        self._workers += 1
        self._worker = self._workers
        with suppress(Killed):
            delivery.deliver(message_id)
        self._worker = before

    def worker_name(self) -> str:
        """Return the name of the worker that sends now."""
        return f"worker-{self._worker}"

    def play(self, ids: list[int], seconds: float) -> None:
        """Send the messages, then let the time pass with a sweep every two seconds."""
        for message_id in ids:
            self.deliver(message_id)
            self.forward(self.random.uniform(0, 0.3))
        until = _now() + seconds
        while _now() < until:
            self.forward(2)
            self._post_due()
            for message in sweep.take_due(50):
                self.deliver(message.pk)
            receipts.sweep_receipts()
        self.late = [(0.0, gateway, report) for _at, gateway, report in self.late]
        self._post_due()
        receipts.sweep_receipts()

    def wrong(self) -> list[str]:
        """Return what the judge says about all messages."""
        found = []
        for message in TextMessage.objects.order_by("pk"):
            attempts = [
                {"worker": one.worker, "started": one.started_at.timestamp(), "ended": one.ended_at.timestamp()}
                for one in Attempt.objects.filter(message=message).exclude(code="worker_lost")
            ]
            row = {
                "id": message.pk,
                "status": str(message.status),
                "since": message.status_at.timestamp(),
                "expires": message.expires_at.timestamp(),
                "gateways": NAMES,
            }
            asked, reports = self.journal.get(message.pk, []), self.reports.get(message.pk, [])
            kept = {
                (one.gateway, one.gateway_message_id, one.raw_status)
                for one in Receipt.objects.filter(message=message).exclude(processed_at=None)
            }
            found += judge(row, asked, reports, attempts, _now(), kept)
        return found

    def _plan_reports(self, number: int, gateway: str, reference: str, message_id: str) -> None:
        last = self.random.choice(REPORTS)
        statuses = ["BUFFERED", last] if last else []
        if last == "DELIVERED" and self.random.random() < 0.3:
            statuses.append("UNDELIVERABLE")  # some operators contradict themselves
        for status in statuses:
            state = ReceiptState.SENT if status == "BUFFERED" else ReceiptState(status.lower())
            event = f"{message_id}-{status}"
            report = ParsedReceipt(event, reference, message_id, state, status)
            at = _now() + self.random.choice([0, 0.1, 1, 5, 30])
            self.late.append((at, gateway, report))
            # Another system on the same account reports on a message with the same number.
            foreign = ParsedReceipt(f"x{event}", str(number), f"x{message_id}", ReceiptState.DELIVERED, "DELIVERED")
            self.late.append((at, gateway, foreign))

    def _post_due(self) -> None:
        due = [one for one in self.late if one[0] <= _now()]
        self.late = [one for one in self.late if one[0] > _now()]
        self.random.shuffle(due)
        for _at, gateway, report in due:
            receipts.store(gateway, "", [report])
            receipts.process_receipts(gateway, [report.event_id])
            if "-" in report.reference:
                number = int(report.reference.split("-")[0])
                entry = {"gateway": gateway, "message_id": report.message_id, "status": report.raw_status}
                self.reports.setdefault(number, []).append(entry)


def _now() -> float:
    return timezone.now().timestamp()


def expiring(number: int) -> timedelta:
    """Return the life of the code of a message: every fifth one is nearly over."""
    return timedelta(seconds=3 + number % 20) if number % 5 == 0 else timedelta(seconds=120)
