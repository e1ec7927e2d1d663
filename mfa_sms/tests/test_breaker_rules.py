"""The rules of the circuit breaker, and a simulated day with them. No database and no waiting."""

import math
import random
from collections import deque

import pytest
from django.conf import settings

from mfa_sms.breaker_rules import MIN_DELIVERIES, Sample, judge_attempts, judge_deliveries, judge_silence
from mfa_sms.gateways import GatewayFault, http

HOME = ["DK", "FO", "GL"]
PER_SECOND = 50
DAY = 86_400
BAD_ANSWERS = 0.005
UNREACHABLE = 0.05
REVIEW_EVERY = 5  # seconds


def tries(*outcomes: str, region: str = "DK", **fields: str) -> list[Sample]:
    """Return attempts for different numbers, newest first."""
    return [
        Sample(outcome, number=f"{region}{number}", region=region, **fields) for number, outcome in enumerate(outcomes)
    ]


@pytest.mark.parametrize("status", [402, 404, 405, 415])
def test_a_status_that_refuses_every_message_is_the_gateways_fault(status: int) -> None:
    assert http.status_fault(status) is GatewayFault.MISCONFIGURED


@pytest.mark.parametrize("outcome", ["unavailable", "unknown", "misconfigured"])
def test_five_failures_in_a_row(outcome: str) -> None:
    assert judge_attempts(tries(*[outcome] * 5), HOME) == "5 failures in a row"
    assert judge_attempts(tries(*[outcome] * 4), HOME) == ""
    assert judge_attempts(tries(*[outcome] * 4, "accepted", outcome), HOME) == ""


def test_half_of_the_last_tries() -> None:
    mixed = ["unavailable", "accepted"] * 10
    assert judge_attempts(tries(*mixed), HOME) == "10 failures of the last 20 tries"
    assert judge_attempts(tries(*mixed[1:], "accepted"), HOME) == ""
    assert judge_attempts(tries(*mixed[:9]), HOME) == ""


@pytest.mark.parametrize("outcome", ["rejected", "refused"])
def test_a_gateway_that_refuses_nearly_every_number(outcome: str) -> None:
    assert judge_attempts(tries(*[outcome] * 10), HOME) == "10 of the last 10 numbers refused"
    assert judge_attempts(tries(*[outcome] * 9), HOME) == ""
    assert judge_attempts(tries(*[outcome] * 18, "accepted", "accepted"), HOME) == "18 of the last 20 numbers refused"
    assert judge_attempts(tries(*[outcome] * 17, *["accepted"] * 3), HOME) == ""


def test_one_number_that_is_refused_ten_times_is_one_number() -> None:
    assert judge_attempts([Sample("refused", number="a", region="DK")] * 20, HOME) == ""


def test_the_refusal_of_one_foreign_country_is_not_the_gateways_fault() -> None:
    estonian = tries(*["rejected"] * 12, region="EE")
    assert judge_attempts(estonian, HOME) == ""
    assert judge_attempts([*estonian, *tries(*["rejected"] * 3, region="SE")], HOME)
    assert judge_attempts(estonian, ["EE"])


def test_a_worker_without_network_opens_no_circuit_while_another_worker_is_answered() -> None:
    lost = [Sample("unavailable", http.NETWORK, "lost", f"l{number}", "DK") for number in range(10)]
    assert judge_attempts(lost, HOME) == "5 failures in a row"
    assert judge_attempts([*lost, Sample("accepted", "", "other", "o", "DK")], HOME) == ""
    assert judge_attempts([*lost, Sample("accepted", "", "lost", "o", "DK")], HOME) == "5 failures in a row"


def test_deliveries_are_compared_with_other_gateways() -> None:
    bad, good = tries(*["undeliverable"] * 20), tries(*["delivered"] * 20)
    assert judge_deliveries(bad, good, HOME) == judge_deliveries(bad, [], HOME) == "0 of the last 20 delivered"
    assert judge_deliveries(bad, bad, HOME) == ""
    assert judge_deliveries(bad[:19], good, HOME) == ""


def test_silence_needs_20_messages_without_any_receipt() -> None:
    assert judge_silence(20, 0, other_reports=True) == "no receipt for 20 messages"
    assert judge_silence(19, 0, other_reports=True) == ""
    assert judge_silence(20, 1, other_reports=True) == ""
    assert judge_silence(20, 0, other_reports=False) == ""


def _gaps(rng: random.Random, share: float, end: int) -> list[int]:
    """Return the positions of rare events among `end` messages."""
    found, at = [], -1
    while (at := at + 1 + int(rng.expovariate(-math.log1p(-share)))) < end:
        found.append(at)
    return found


def test_in_a_day_of_50_messages_a_second_one_error_in_200_opens_no_circuit() -> None:
    # Between two faults nothing is judged, so the day consists of its 21,600 faults.
    size = settings.SMS_BREAKER_TRIES
    last: deque[int] = deque(maxlen=size)
    good, bad = Sample("accepted", number="a"), Sample("unavailable", number="b")
    for at in _gaps(random.Random(16), BAD_ANSWERS, PER_SECOND * DAY):
        last.append(at)
        failed = {at - one for one in last if at - one < size}
        assert not judge_attempts([bad if back in failed else good for back in range(size)], HOME)


def test_in_a_day_with_5_percent_of_the_phones_off_no_circuit_opens() -> None:
    rng = random.Random(16)
    phones = (Sample("delivered", region="DK"), Sample("undeliverable", region="DK"))
    for _ in range(DAY // REVIEW_EVERY):
        own, other = (rng.choices(phones, (1 - UNREACHABLE, UNREACHABLE), k=200) for _ in range(2))
        assert not judge_deliveries(own, other, HOME)


@pytest.mark.parametrize(
    "sample",
    [
        Sample("unavailable", "http-503"),
        Sample("unknown"),
        Sample("misconfigured", "http-402"),
        Sample("misconfigured", "http-404"),
        Sample("misconfigured", "21659"),
        Sample("rejected", "http-400"),
        Sample("refused", "value_error"),
    ],
)
def test_each_real_fault_of_a_busy_gateway_is_found_within_20_messages(sample: Sample) -> None:
    recent = tries(*["accepted"] * 200)
    for number in range(1, 21):
        recent.insert(0, Sample(sample.outcome, sample.code, "", f"new-{number}", "DK"))
        if judge_attempts(recent[: settings.SMS_BREAKER_TRIES], HOME):
            break
    else:
        pytest.fail("not found")
    assert number <= 20


@pytest.mark.parametrize("state", ["undeliverable", "expired", "rejected"])
def test_a_gateway_that_begins_to_lose_everything_is_found_within_20_receipts(state: str) -> None:
    healthy = tries(*["delivered"] * 200)
    for number in range(1, MIN_DELIVERIES + 1):
        own = [*tries(*[state] * number), *healthy]
        if judge_deliveries(own, healthy, HOME):
            break
    assert number == 13
