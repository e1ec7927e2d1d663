"""The status of a message follows from its attempts and receipts, in any order."""

import re
from itertools import permutations

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from mfa_sms.final_status import (
    QUEUED_THERE,
    Outcome,
    Reported,
    Status,
    Tried,
    closed_gateways,
    copies,
    derive,
    retryable,
    silent_gateways,
)
from mfa_sms.gateways import ReceiptState

# Attempts, receipts, status, deciding gateway. "a:unknown" is an attempt at gateway a, "a:delivered" a receipt.
# docs/reliability.md has the same table.
CASES = [
    ("", "", "cancelled", ""),
    ("a:accepted", "", "sent", "a"),
    ("a:accepted", "a:sent", "sent", "a"),
    ("a:accepted", "a:delivered", "delivered", "a"),
    ("a:accepted", "a:undeliverable", "undeliverable", "a"),
    ("a:accepted", "a:expired", "expired", "a"),
    ("a:accepted", "a:rejected", "rejected", "a"),
    ("a:unknown", "", "unknown", "a"),
    ("a:unknown", "a:sent", "sent", "a"),
    ("a:unknown", "a:undeliverable", "undeliverable", "a"),
    ("a:refused", "", "rejected", "a"),
    ("a:rejected", "", "rejected", "a"),
    ("a:unavailable", "", "failed", "a"),
    ("a:busy", "", "failed", "a"),
    ("a:misconfigured", "", "failed", "a"),
    ("a:unknown b:refused", "", "unknown", "a"),
    ("a:unknown b:refused", "a:delivered", "delivered", "a"),
    ("a:unknown b:accepted", "", "sent", "b"),
    ("a:unknown b:accepted", "a:undeliverable", "sent", "b"),
    ("a:unknown b:accepted", "a:undeliverable b:delivered", "delivered", "b"),
    ("a:unknown b:accepted", "b:undeliverable", "unknown", "a"),
    ("a:unknown b:accepted", "a:undeliverable b:undeliverable", "undeliverable", "b"),
    ("a:accepted b:accepted", "a:rejected", "sent", "b"),
    ("a:accepted b:refused", "a:rejected", "rejected", "a"),
    ("a:unavailable b:rejected", "", "failed", "a"),
    ("a:unavailable a:rejected", "", "rejected", "a"),
    ("a:unavailable a:accepted", "", "sent", "a"),
    ("a:rejected b:accepted", "b:expired", "expired", "b"),
    ("", "a:delivered", "delivered", "a"),
    ("b:refused", "a:sent", "sent", "a"),
    ("a:unavailable", "a:delivered", "delivered", "a"),
]


def attempts(text: str) -> list[Tried]:
    pairs = [one.split(":") for one in text.split()]
    return [
        Tried(gateway, Outcome(outcome), f"{gateway}-1" if outcome == "accepted" else "") for gateway, outcome in pairs
    ]


def receipts(text: str) -> list[Reported]:
    return [
        Reported(one.split(":")[0], ReceiptState(one.split(":")[1]), f"{one.split(':')[0]}-1") for one in text.split()
    ]


@pytest.mark.parametrize(("tried", "reported", "status", "gateway"), CASES)
def test_each_case_has_its_status(tried: str, reported: str, status: str, gateway: str) -> None:
    derived = derive(attempts(tried), receipts(reported))
    assert (derived.status, derived.gateway) == (status, gateway)


def test_the_document_has_the_same_table() -> None:
    text = (settings.BASE_DIR / "docs/reliability.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]*) \| ([^|]*) \| `([a-z]+)` \|$", text, re.MULTILINE)
    shown = [(tried.replace(", ", " "), reported.replace(", ", " "), status) for tried, reported, status in rows]
    none = {"–": ""}
    assert [(none.get(one, one), none.get(two, two), status) for one, two, status in shown] == [
        case[:3] for case in CASES
    ]


def test_two_copies_at_one_gateway_each_have_their_receipt() -> None:
    tried = [Tried("a", Outcome.ACCEPTED, "1"), Tried("a", Outcome.ACCEPTED, "2")]
    failed = Reported("a", ReceiptState.UNDELIVERABLE, "1")
    assert derive(tried, [failed]).status == Status.SENT
    assert derive(tried, [failed, Reported("a", ReceiptState.UNDELIVERABLE, "2")]).status == Status.UNDELIVERABLE


def test_of_two_copies_without_an_answer_one_failure_ends_one() -> None:
    tried = [Tried("a", Outcome.UNKNOWN), Tried("a", Outcome.UNKNOWN)]
    assert derive(tried, [Reported("a", ReceiptState.UNDELIVERABLE, "1")]).status == Status.UNKNOWN
    both = [Reported("a", ReceiptState.UNDELIVERABLE, "1"), Reported("a", ReceiptState.EXPIRED, "2")]
    assert derive(tried, both).status == Status.UNDELIVERABLE


def test_a_gateway_may_change_its_id_between_two_receipts() -> None:
    tried = [Tried("kannel", Outcome.ACCEPTED)]
    reports = [Reported("kannel", ReceiptState.SENT), Reported("kannel", ReceiptState.UNDELIVERABLE, "smsc-7")]
    derived = derive(tried, reports)
    assert (derived.status, derived.message_id) == (Status.UNDELIVERABLE, "smsc-7")
    assert len(copies(tried, reports)) == 1


def test_a_receipt_without_an_id_belongs_to_the_copy_that_there_is() -> None:
    tried = [Tried("a", Outcome.ACCEPTED, "1")]
    assert derive(tried, [Reported("a", ReceiptState.UNDELIVERABLE)]).status == Status.UNDELIVERABLE


def test_the_error_is_the_gateways_code_or_the_kind_of_refusal() -> None:
    assert derive([Tried("a", Outcome.REFUSED)], []).error == "refused"
    assert derive([Tried("a", Outcome.REFUSED), Tried("b", Outcome.REJECTED)], []).error == "rejected"
    assert derive([Tried("a", Outcome.UNKNOWN, code="worker_lost")], []).error == "worker_lost"
    report = Reported("a", ReceiptState.UNDELIVERABLE, "1", "0x1f")
    assert derive([Tried("a", Outcome.ACCEPTED, "1")], [report]).error == "0x1f"


def test_what_a_gateway_has_or_did_not_deliver_is_not_tried_again() -> None:
    for tried, reported, status, _gateway in CASES:
        again = retryable(attempts(tried), receipts(reported), 3)
        assert (again is not None) is (status in ("cancelled", "failed", "rejected", "unknown"))


def test_a_message_costs_three_copies_at_most() -> None:
    silent = [Tried("a", Outcome.UNKNOWN)]
    assert retryable(silent * 2, [], 3)
    assert retryable(silent * 3, [], 3) is None
    assert retryable([*silent, *[Tried("b", Outcome.UNAVAILABLE)] * 50], [], 3)


def test_gateways_that_refused_or_keep_the_message_are_closed_and_silent_ones_come_last() -> None:
    tried = [
        Tried("a", Outcome.REFUSED),
        Tried("b", Outcome.UNKNOWN),
        Tried("c", Outcome.UNAVAILABLE),
        Tried("d", Outcome.ACCEPTED, "1"),
        Tried("e", Outcome.UNKNOWN, code=QUEUED_THERE),
    ]
    reported = [Reported("d", ReceiptState.REJECTED, "1")]
    assert closed_gateways(tried, reported) == {"a", "d", "e"}
    assert silent_gateways(tried, reported) == {"b", "e"}


TRIED = st.lists(
    st.builds(
        Tried,
        st.sampled_from("ab"),
        st.sampled_from(list(Outcome)),
        st.sampled_from(["", "1", "2"]),
    ),
    max_size=5,
)
REPORTED = st.lists(
    st.builds(
        Reported, st.sampled_from("ab"), st.sampled_from(list(ReceiptState)), st.sampled_from(["", "1", "2", "3"])
    ),
    max_size=5,
)


@given(TRIED, REPORTED)
def test_delivered_by_any_copy_wins_and_nothing_else_means_delivered(
    tried: list[Tried], reported: list[Reported]
) -> None:
    arrived = any(receipt.state is ReceiptState.DELIVERED for receipt in reported)
    assert (derive(tried, reported).status == Status.DELIVERED) is arrived


@given(TRIED, REPORTED)
def test_the_order_of_receipts_does_not_matter(tried: list[Tried], reported: list[Reported]) -> None:
    expected = derive(tried, reported).status
    assert {derive(tried, order).status for order in permutations(reported[:4] + reported[4:])} == {expected}


@given(TRIED, REPORTED, REPORTED)
def test_a_receipt_of_one_gateway_ends_nothing_at_another(
    tried: list[Tried], reported: list[Reported], more: list[Reported]
) -> None:
    def at_b(receipts: list[Reported]) -> list[tuple[int, str]]:
        return sorted((copy.fate, copy.message_id) for copy in copies(tried, receipts) if copy.gateway == "b")

    assert at_b(reported) == at_b([*reported, *(receipt for receipt in more if receipt.gateway == "a")])


@given(TRIED, REPORTED)
def test_the_same_receipts_twice_change_nothing(tried: list[Tried], reported: list[Reported]) -> None:
    assert derive(tried, reported) == derive(tried, reported * 2)


@given(TRIED)
def test_unknown_wins_over_every_refusal(tried: list[Tried]) -> None:
    if any(attempt.outcome == Outcome.UNKNOWN for attempt in tried):
        assert derive(tried, []).status in (Status.UNKNOWN, Status.SENT)
    elif tried and all(attempt.outcome in ("refused", "rejected") for attempt in tried):
        assert derive(tried, []).status == Status.REJECTED


@given(TRIED, REPORTED)
def test_no_message_that_a_gateway_was_given_is_called_cancelled(tried: list[Tried], reported: list[Reported]) -> None:
    known = [receipt for receipt in reported if receipt.state is not ReceiptState.UNCHANGED]
    assert (derive(tried, reported).status == Status.CANCELLED) is (not tried and not known)
