"""Derives the final status of a message from its attempts and receipts.

Every function here is pure. `docs/reliability.md` has the table of cases. Each attempt is
one copy of the message, and each receipt reports on one copy. The most successful copy decides the status of the
message.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from mfa_sms.gateways import ReceiptState
from mfa_sms.models import Attempt, TextMessage

Outcome = Attempt.Outcome
Status = TextMessage.Status

WORKER_LOST = "worker_lost"  # code of an attempt whose worker died
QUEUED_THERE = "queued"  # code of an attempt that waits at the gateway, which has no connection to the operator

_COSTLY = (Outcome.ACCEPTED, Outcome.UNKNOWN)


class Fate(IntEnum):
    """The fate of one copy. A higher value wins."""

    REFUSED = 1  # the number cannot receive messages
    REJECTED = 2  # this operator or sender
    NOT_TAKEN = 3  # the gateway could not take it
    EXPIRED = 4
    UNDELIVERABLE = 5
    UNKNOWN = 6  # the gateway may have it
    SENT = 7  # the gateway has it
    DELIVERED = 8


_OF_OUTCOME = {
    Outcome.ACCEPTED: Fate.SENT,
    Outcome.UNKNOWN: Fate.UNKNOWN,
    Outcome.REFUSED: Fate.REFUSED,
    Outcome.REJECTED: Fate.REJECTED,
    Outcome.UNAVAILABLE: Fate.NOT_TAKEN,
    Outcome.BUSY: Fate.NOT_TAKEN,
    Outcome.MISCONFIGURED: Fate.NOT_TAKEN,
}
_OF_STATE = {
    ReceiptState.SENT: Fate.SENT,
    ReceiptState.DELIVERED: Fate.DELIVERED,
    ReceiptState.UNDELIVERABLE: Fate.UNDELIVERABLE,
    ReceiptState.EXPIRED: Fate.EXPIRED,
    ReceiptState.REJECTED: Fate.REJECTED,
}
_STATUS = {
    Fate.REFUSED: Status.REJECTED,
    Fate.REJECTED: Status.REJECTED,
    Fate.NOT_TAKEN: Status.FAILED,
    Fate.EXPIRED: Status.EXPIRED,
    Fate.UNDELIVERABLE: Status.UNDELIVERABLE,
    Fate.UNKNOWN: Status.UNKNOWN,
    Fate.SENT: Status.SENT,
    Fate.DELIVERED: Status.DELIVERED,
}
_ERROR = {
    Fate.REFUSED: Outcome.REFUSED.value,
    Fate.REJECTED: Outcome.REJECTED.value,
    Fate.NOT_TAKEN: Outcome.UNAVAILABLE.value,
    Fate.UNKNOWN: Outcome.UNKNOWN.value,
}


@dataclass(frozen=True)
class Tried:
    """One attempt."""

    gateway: str
    outcome: Outcome
    message_id: str = ""
    code: str = ""


@dataclass(frozen=True)
class Reported:
    """One receipt."""

    gateway: str
    state: ReceiptState
    message_id: str = ""
    code: str = ""


@dataclass(frozen=True)
class Derived:
    """The status of the message. `gateway` has the copy that decided it, and `message_id` is that gateway's id."""

    status: Status
    gateway: str = ""
    message_id: str = ""
    error: str = ""


@dataclass(frozen=True)
class Copy:
    """One copy of the message, with the attempt's outcome and all that its receipts say."""

    gateway: str
    fate: Fate
    message_id: str = ""
    error: str = ""
    is_costly: bool = True
    is_kept: bool = False  # the gateway said that it sends the copy later


def derive(attempts: Sequence[Tried], receipts: Iterable[Reported]) -> Derived:
    """Return the status that the attempts and receipts prove. Their order does not matter, except for `gateway`.

    Without attempts and receipts the message is cancelled.
    """
    found = copies(attempts, receipts)
    if not found:
        return Derived(Status.CANCELLED)
    best = max(reversed(found), key=lambda copy: copy.fate)
    return Derived(_STATUS[best.fate], best.gateway, best.message_id, best.error)


def retryable(attempts: Sequence[Tried], receipts: Iterable[Reported], costly_tries: int) -> Derived | None:
    """Return the status so far if the message may be tried again; otherwise None.

    A message that a gateway has, or that did not reach the phone, is not tried again. At most `costly_tries` tries may
    cost money.
    """
    receipts = list(receipts)
    derived = derive(attempts, receipts)
    costs = sum(copy.is_costly for copy in copies(attempts, receipts))
    again = derived.status in (Status.CANCELLED, Status.FAILED, Status.REJECTED, Status.UNKNOWN)
    return derived if again and costs < costly_tries else None


def closed_gateways(attempts: Sequence[Tried], receipts: Iterable[Reported]) -> frozenset[str]:
    """Return the gateways that must not be asked again: each refused the message, or keeps it for later."""
    judged = (Fate.REFUSED, Fate.REJECTED)
    return frozenset(copy.gateway for copy in copies(attempts, receipts) if copy.fate in judged or copy.is_kept)


def silent_gateways(attempts: Sequence[Tried], receipts: Iterable[Reported]) -> frozenset[str]:
    """Return the gateways that may have the message. Others are asked first."""
    return frozenset(copy.gateway for copy in copies(attempts, receipts) if copy.fate is Fate.UNKNOWN)


def copies(attempts: Sequence[Tried], receipts: Iterable[Reported]) -> list[Copy]:
    """Return the copies of a message. A gateway that reports has a copy, even if no attempt was recorded."""
    reports: dict[str, list[Reported]] = {}
    for receipt in receipts:
        if receipt.state in _OF_STATE:
            reports.setdefault(receipt.gateway, []).append(receipt)
    tried = dict.fromkeys([*(attempt.gateway for attempt in attempts), *reports])
    found = [
        pair
        for gateway in tried
        for pair in _copies_at([one for one in attempts if one.gateway == gateway], reports.get(gateway, []))
    ]
    # In the order of the attempts; copies without an attempt come last.
    order = {id(attempt): number for number, attempt in enumerate(attempts)}
    found.sort(key=lambda pair: order.get(id(pair[0]), len(order)))
    return [copy for _attempt, copy in found]


def _copies_at(attempts: Sequence[Tried], receipts: Sequence[Reported]) -> list[tuple[Tried | None, Copy]]:
    """Pair the attempts at one gateway with its receipts, by the gateway's id.

    Receipts with an id of no attempt belong to the attempts whose id we do not know, one id to one attempt. More ids
    than such attempts belong to the last of them: some gateways change the id. Without such an attempt, the copy is of
    a worker that died, or whose answer is still out.
    """
    groups: dict[str, list[Reported]] = {}
    for receipt in receipts:
        groups.setdefault(receipt.message_id, []).append(receipt)
    taken = [attempt for attempt in attempts if _OF_OUTCOME[attempt.outcome] >= Fate.UNKNOWN]
    known = {attempt.message_id for attempt in taken if attempt.message_id}
    strays = sorted((key for key in groups if key not in known), key=lambda key: (_best(groups[key]), key))
    nameless = [attempt for attempt in taken if not attempt.message_id]
    of_attempt: dict[int, list[Reported]] = {id(one): groups.get(one.message_id, []) for one in taken if one.message_id}
    if not nameless and known and "" in strays:
        # The gateway has just the copies that we know, and reports without an id.
        of_attempt[id(taken[-1])] = [*of_attempt.get(id(taken[-1]), []), *groups[""]]
        strays.remove("")
    for number, key in enumerate(strays):
        if nameless:
            attempt = nameless[min(number, len(nameless) - 1)]
            of_attempt[id(attempt)] = [*of_attempt.get(id(attempt), []), *groups[key]]
    pairs: list[tuple[Tried | None, Copy]] = [(one, _copy(one, of_attempt.get(id(one), []))) for one in attempts]
    if len(pairs) > 1:
        # An attempt that the gateway could not take does not count once another attempt has a different answer.
        answered = [pair for pair in pairs if pair[1].fate is not Fate.NOT_TAKEN]
        pairs = answered or pairs
    if not nameless:
        pairs += [(None, _copy_of_lost(groups[key])) for key in strays]
    return pairs


def _best(receipts: Sequence[Reported]) -> Fate:
    return max(_OF_STATE[receipt.state] for receipt in receipts)


def _copy(attempt: Tried, receipts: Sequence[Reported]) -> Copy:
    is_costly = attempt.outcome in _COSTLY
    is_kept = attempt.code == QUEUED_THERE
    final = [receipt for receipt in receipts if receipt.state is not ReceiptState.SENT]
    if final:
        decisive = max(final, key=lambda receipt: _OF_STATE[receipt.state])
        message_id = attempt.message_id or decisive.message_id
        return Copy(attempt.gateway, _OF_STATE[decisive.state], message_id, _error(decisive), is_costly, is_kept)
    if receipts:
        message_id = attempt.message_id or receipts[0].message_id
        return Copy(attempt.gateway, Fate.SENT, message_id, "", is_costly, is_kept)
    fate = _OF_OUTCOME[attempt.outcome]
    error = WORKER_LOST if attempt.code == WORKER_LOST else _ERROR.get(fate, "")
    return Copy(attempt.gateway, fate, attempt.message_id, error, is_costly, is_kept)


def _copy_of_lost(receipts: Sequence[Reported]) -> Copy:
    lost = Tried(receipts[0].gateway, Outcome.UNKNOWN, receipts[0].message_id, WORKER_LOST)
    return _copy(lost, receipts)


def _error(receipt: Reported) -> str:
    if receipt.state is ReceiptState.DELIVERED:
        return ""
    return receipt.code or (Outcome.REJECTED.value if receipt.state is ReceiptState.REJECTED else "")
