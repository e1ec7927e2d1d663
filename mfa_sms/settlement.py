"""Writes the status of a message that its attempts and receipts prove (`mfa_sms.final_status`)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from mfa_sms import gateways, numbers
from mfa_sms.final_status import (
    Derived,
    Outcome,
    Reported,
    Tried,
    closed_gateways,
    derive,
    retryable,
    silent_gateways,
)
from mfa_sms.gateways import ReceiptState
from mfa_sms.models import Attempt, Receipt, TextMessage

Status = TextMessage.Status

FIRST_PAUSE = 1.5  # seconds until a message that was certainly not taken is tried again
GROWTH = 4  # each pause is this fraction of the message's age
# A pause is at most this fraction of the message's life: 10 seconds for a code.
_LONGEST_SHARE = 60
_LAST_TRY = timedelta(seconds=2)  # before the code expires: time for an answer
# Seconds in which a receipt may still say that a message without an answer was taken.
_PATIENCE = 10.0

# Statuses that a receipt may change. While a worker asks a gateway, only that a gateway has the message counts.
_OPEN = frozenset(Status) - {Status.DELIVERED, Status.CANCELLED, Status.SENDING}
_FINAL_REPORT = (Status.DELIVERED, Status.UNDELIVERABLE, Status.EXPIRED, Status.REJECTED)


@dataclass(frozen=True)
class History:
    """The attempts and receipts of a message, in their order."""

    attempts: Sequence[Tried] = ()
    receipts: Sequence[Reported] = ()

    @property
    def derived(self) -> Derived:
        """The status that they prove."""
        return derive(self.attempts, self.receipts)

    @property
    def closed(self) -> frozenset[str]:
        """The gateways that must not be asked again."""
        return closed_gateways(self.attempts, self.receipts)

    @property
    def silent(self) -> frozenset[str]:
        """The gateways that may have the message."""
        return silent_gateways(self.attempts, self.receipts)

    def may_retry(self, message: TextMessage) -> bool:
        """Return whether a gateway is left that may be asked, as far as attempts and receipts tell."""
        if retryable(self.attempts, self.receipts, settings.SMS_TRIES) is None:
            return False
        return bool(set(carriers(message)) - self.closed)


def read_history(message_id: int) -> History:
    """Read the attempts and receipts of a message."""
    attempts = Attempt.objects.filter(message_id=message_id).order_by("pk")
    receipts = Receipt.objects.filter(message_id=message_id).order_by("pk")
    return History(
        [
            Tried(gateway, Outcome(outcome), message_id, code)
            for gateway, outcome, message_id, code in attempts.values_list(
                "gateway", "outcome", "gateway_message_id", "code"
            )
        ],
        [
            Reported(gateway, ReceiptState(state), message_id, code)
            for gateway, state, message_id, code in receipts.values_list(
                "gateway", "state", "gateway_message_id", "code"
            )
        ],
    )


def carriers(message: TextMessage) -> list[str]:
    """Return the gateways that may carry the message, also those that are disabled now. A test has only its own."""
    if message.notice == TextMessage.TEST:
        return [message.gateway]
    region = numbers.region_of(message.number)
    return [gateway.slug for gateway in gateways.configured() if gateways.route_of(gateway).carries(region)]


def next_try(message: TextMessage, history: History, now: datetime, not_before: datetime | None = None) -> datetime:
    """Return when the message is tried again: after 1 to 2 seconds at first, then at growing intervals.

    `not_before` is when a gateway will be ready. If a gateway may have the message, its receipt gets some time. The
    last try comes shortly before the code expires.
    """
    life = (message.expires_at - message.created_at).total_seconds()
    pause = max((now - message.created_at).total_seconds() / GROWTH, FIRST_PAUSE)
    pause = max(FIRST_PAUSE, min(pause, life / _LONGEST_SHARE * 3 / 4)) * _spread(2 / 3, 4 / 3)
    if history.silent:
        pause = max(pause, _PATIENCE)
    at = now + timedelta(seconds=pause)
    if not_before is not None:
        at = max(not_before, now) + timedelta(seconds=_spread(0.05, 1))
    last = message.expires_at - _LAST_TRY
    return last if at > last > now + timedelta(seconds=FIRST_PAUSE) else at


def _spread(least: float, most: float) -> float:
    """Return a random number, so that messages that failed together are not tried together."""
    return random.uniform(least, most)  # noqa: S311 - no secret depends on it


def settle(message: TextMessage, now: datetime, not_before: datetime | None = None) -> bool:
    """Set the status of a locked message from its history, and save it. Return True if it is to be tried again.

    A message that no gateway has goes back to the queue while its code is valid and a gateway is left.
    """
    history = read_history(message.pk)
    derived = history.derived
    at = next_try(message, history, now, not_before)
    if at <= message.expires_at - _LAST_TRY and history.may_retry(message):
        _queue(message, derived, now, at)
        return True
    if derived.status == Status.CANCELLED and message.tries:
        # Workers took it, and could ask no gateway: all were busy, disabled or out of reach.
        derived = Derived(Status.FAILED, message.gateway, error=Outcome.UNAVAILABLE.value)
    _write(message, derived, now)
    return False


def apply_receipts(message: TextMessage, now: datetime) -> bool:
    """Change the status of a locked message after a receipt. Return True if it is to be tried again at once.

    A rejection by the operator moves on to the next gateway.
    """
    history = read_history(message.pk)
    derived = history.derived
    if message.status == Status.SENDING:
        if derived.status in (Status.SENT, Status.DELIVERED):
            _write(message, derived, now)
        return False
    if message.status not in _OPEN or derived.status == Status.CANCELLED:
        return False
    lives = message.expires_at - now > timedelta(seconds=1)
    if derived.status in (Status.REJECTED, Status.FAILED) and lives and history.may_retry(message):
        rejected = message.status != Status.QUEUED or derived.status == Status.REJECTED
        _queue(message, derived, now, now if rejected else message.next_at)
        return rejected
    if message.status == Status.QUEUED and derived.status in (Status.UNKNOWN, Status.FAILED):
        return False
    _write(message, derived, now)
    return False


def _queue(message: TextMessage, derived: Derived, now: datetime, at: datetime) -> None:
    message.status, message.status_at, message.next_at = Status.QUEUED, now, at
    message.error = derived.error or Outcome.UNAVAILABLE.value
    message.dispatches = 1
    if message.notice != TextMessage.TEST:
        message.gateway = derived.gateway or message.gateway
    message.save(update_fields=["status", "status_at", "next_at", "error", "dispatches", "gateway"])


def _write(message: TextMessage, derived: Derived, now: datetime) -> None:
    changed = derived.status != message.status
    message.status, message.error = derived.status, derived.error
    message.gateway = derived.gateway or message.gateway
    message.gateway_message_id = derived.message_id or message.gateway_message_id
    if changed:
        message.status_at = now
    if derived.status in (Status.SENT, Status.DELIVERED, Status.UNDELIVERABLE, Status.EXPIRED):
        message.sent_at = message.sent_at or now
    if changed and derived.status in _FINAL_REPORT and message.sent_at:
        message.receipt_at = now
    message.save(
        update_fields=["status", "status_at", "error", "gateway", "gateway_message_id", "sent_at", "receipt_at"]
    )
