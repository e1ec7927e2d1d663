"""The rules by which the circuit breaker judges a gateway. Pure: samples in, a reason or "" out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings

from mfa_sms.gateways.http import NETWORK
from mfa_sms.models import Attempt

# Outcomes that count as a fault of the gateway. A refused message counts only if nearly all are refused.
FAULTS = frozenset({Attempt.Outcome.UNAVAILABLE, Attempt.Outcome.UNKNOWN, Attempt.Outcome.MISCONFIGURED})
REFUSALS = frozenset({Attempt.Outcome.REFUSED, Attempt.Outcome.REJECTED})
MIN_REFUSED = 10  # numbers
MIN_DELIVERIES = 20
LONG_DELIVERIES = 200
MIN_COMPARED = 100  # results of other gateways, and of the gateway itself


@dataclass(frozen=True)
class Sample:
    """One attempt at the gateway, or one final receipt."""

    outcome: str
    code: str = ""
    worker: str = ""
    number: str = ""
    region: str = ""


def judge_attempts(recent: Sequence[Sample], home: Collection[str]) -> str:
    """Return why the last attempts show a fault of the gateway.

    `recent` has the newest first. `home` are the regions where most of the gateway's numbers are.
    """
    counted = _without_lost_networks(recent)
    faults = [sample.outcome in FAULTS for sample in counted]
    row = settings.SMS_BREAKER_IN_A_ROW
    if len(faults) >= row and all(faults[:row]):
        return f"{row} failures in a row"
    total = sum(faults)
    if len(faults) >= 2 * row and total >= settings.SMS_BREAKER_FAULTS * len(faults):
        return f"{total} failures of the last {len(faults)} tries"
    return _judge_refusals(counted, home)


def _without_lost_networks(recent: Sequence[Sample]) -> list[Sample]:
    """Leave out the failures of a worker that could not reach the gateway while another worker reached it."""
    reached = {sample.worker for sample in recent if sample.code != NETWORK}
    return [sample for sample in recent if sample.code != NETWORK or not reached - {sample.worker}]


def _judge_refusals(recent: Sequence[Sample], home: Collection[str]) -> str:
    """Judge by numbers. A gateway that refuses nearly all is at fault; one that refuses a foreign country is not."""
    numbers = {sample.number for sample in recent}
    refused = {sample.number: sample.region for sample in recent if sample.outcome in REFUSALS}
    taken = {sample.number for sample in recent if sample.outcome == Attempt.Outcome.ACCEPTED}
    refused = {number: region for number, region in refused.items() if number not in taken}
    if len(refused) < MIN_REFUSED or len(refused) < settings.SMS_BREAKER_REFUSALS * len(numbers):
        return ""
    if not _is_wide(refused.values(), home):
        return ""
    return f"{len(refused)} of the last {len(numbers)} numbers refused"


def judge_deliveries(own: Sequence[Sample], others: Sequence[Sample], home: Collection[str]) -> str:
    """Return why too few of the last messages arrived. Both sequences have the newest first.

    Phones that are off do not count: the caller leaves out the numbers that another gateway did not reach either.
    """
    last = own[:MIN_DELIVERIES]
    regions = [sample.region for sample in last if not _arrived(sample)]
    if len(last) == MIN_DELIVERIES and _share(last) < settings.SMS_BREAKER_DELIVERED and _is_wide(regions, home):
        compared = others[:MIN_DELIVERIES]
        if len(compared) < MIN_DELIVERIES or _share(compared) >= settings.SMS_BREAKER_DELIVERED:
            return f"{_count(last)} of the last {len(last)} delivered"
    last = own[:LONG_DELIVERIES]
    if min(len(last), len(others)) < MIN_COMPARED:
        return ""
    if _share(others) - _share(last) <= settings.SMS_BREAKER_DELIVERED_LESS:
        return ""
    return f"{_count(last)} of the last {len(last)} delivered"


def judge_silence(accepted: int, reported: int, *, other_reports: bool) -> str:
    """Return why a gateway seems to lose everything: it accepted messages, and not one has a receipt in time.

    `other_reports` is False if another gateway is silent too: then our own receipt address may be unreachable.
    """
    if accepted < MIN_DELIVERIES or reported or not other_reports:
        return ""
    return f"no receipt for {accepted} messages"


def _is_wide(regions: Collection[str], home: Collection[str]) -> bool:
    found = set(regions)
    return bool(found & set(home)) or len(found) > 1


def _arrived(sample: Sample) -> bool:
    return sample.outcome == "delivered"


def _count(samples: Sequence[Sample]) -> int:
    return [sample.outcome for sample in samples].count("delivered")


def _share(samples: Sequence[Sample]) -> float:
    return _count(samples) / len(samples)
