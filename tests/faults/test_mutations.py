"""The judge of the fault run notices planted bugs, and finds nothing in the portal as it is."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from mfa_sms import attempting, breaker, delivery, final_status, gateways, receipts, settlement, sweep
from mfa_sms.final_status import Fate, Outcome, Reported
from mfa_sms.gateways import ParsedReceipt, ReceiptState
from mfa_sms.models import Attempt, SmsDevice, TextMessage
from mfa_sms.own_network import own_network
from mfa_sms.tests.helpers import Clock, queued
from tests.faults.judge import judge
from tests.faults.rehearsal import Rehearsal, expiring

MESSAGES = 30
Status = TextMessage.Status
Patch = pytest.MonkeyPatch


@pytest.fixture
def rehearse(phone: SmsDevice, time_machine: TimeMachineFixture, monkeypatch: Patch) -> Callable[[], list[str]]:
    """Return a function that plays the faults and returns what the judge found."""
    clock = Clock(time_machine)

    def run() -> list[str]:
        rehearsal = Rehearsal(clock.forward)
        monkeypatch.setattr(gateways, "configured", lambda: rehearsal.gateways)
        monkeypatch.setattr(gateways, "by_slug", lambda slug: None)
        monkeypatch.setattr(attempting, "worker_name", rehearsal.worker_name)
        for module in (receipts, sweep):
            monkeypatch.setattr(module, "enqueue_code", rehearsal.deliver)
        breaker.forget()
        own_network.forget()
        ids = [
            # The number of a message decides which gateway is asked first, so it is the same in each run.
            queued(phone, pk=number + 1, expires_at=timezone.now() + expiring(number), created_at=timezone.now()).pk
            for number in range(MESSAGES)
        ]
        rehearsal.play(ids, 150)
        return rehearsal.wrong()

    return run


def undeliverable_is_recorded_as_delivered(patch: Patch) -> None:
    patch.setitem(final_status._OF_STATE, ReceiptState.UNDELIVERABLE, Fate.DELIVERED)


def every_seventh_receipt_is_dropped(patch: Patch) -> None:
    store, count = receipts.store, [0]

    def drop(gateway: str, raw: str, parsed: list[ParsedReceipt]) -> None:
        count[0] += 1
        if count[0] % 7:
            store(gateway, raw, parsed)

    patch.setattr(receipts, "store", drop)


def rows_are_claimed_twice(patch: Patch) -> None:
    def load(message_id: int) -> TextMessage | None:
        TextMessage.objects.filter(pk=message_id, status=Status.SENDING).update(status=Status.QUEUED)
        return TextMessage.objects.select_related("challenge__device").filter(pk=message_id).first()

    patch.setattr(delivery, "_load", load)


def the_sweep_ends_codes_a_minute_early(patch: Patch) -> None:
    take_due = sweep.take_due

    def early(limit: int) -> list[TextMessage]:
        soon = timezone.now() + timedelta(minutes=1)
        TextMessage.objects.filter(status=Status.QUEUED, expires_at__lte=soon).update(
            status=Status.CANCELLED, status_at=timezone.now()
        )
        return take_due(limit)

    patch.setattr(sweep, "take_due", early)


def the_messages_of_dead_workers_are_forgotten(patch: Patch) -> None:
    patch.setattr(sweep, "_give_up_workers", lambda now: None)


def the_attempts_of_dead_workers_are_forgotten(patch: Patch) -> None:
    create = Attempt.objects.create

    def forget(**fields: Any) -> Attempt | None:
        return create(**fields) if fields["code"] != final_status.WORKER_LOST else None

    patch.setattr(Attempt.objects, "create", forget)


def a_message_is_given_up_after_two_tries(patch: Patch) -> None:
    patch.setattr(settlement.History, "may_retry", lambda history, message: message.tries < 2)


def a_worker_trusts_its_own_slow_clock(patch: Patch) -> None:
    slow = SimpleNamespace(now=lambda: timezone.now() - timedelta(minutes=1))
    patch.setattr(delivery, "database_clock", slow)
    patch.setattr(attempting, "database_clock", slow)


def a_refusal_wins_over_a_request_without_an_answer(patch: Patch) -> None:
    patch.setitem(final_status._STATUS, Fate.UNKNOWN, Status.REJECTED)


def a_request_without_an_answer_counts_as_not_taken(patch: Patch) -> None:
    patch.setitem(final_status._OF_OUTCOME, Outcome.UNKNOWN, Fate.NOT_TAKEN)
    patch.setitem(final_status._STATUS, Fate.UNKNOWN, Status.FAILED)


def a_receipt_of_one_gateway_ends_what_another_has(patch: Patch) -> None:
    ends = {ReceiptState.UNDELIVERABLE: Status.UNDELIVERABLE, ReceiptState.REJECTED: Status.REJECTED}
    derive = final_status.derive

    def mixed(attempts: list[final_status.Tried], reports: Iterable[Reported]) -> final_status.Derived:
        reports = list(reports)
        for report in reports:
            if report.state in ends:
                return final_status.Derived(ends[report.state], report.gateway)
        return derive(attempts, reports)

    patch.setattr(settlement, "derive", mixed)


def the_receipts_of_other_systems_count(patch: Patch) -> None:
    patch.setattr(receipts, "message_of", lambda reference, gateway: int(reference.split("-")[0]))


def a_rejection_by_receipt_ends_the_message(patch: Patch) -> None:
    apply = settlement.apply_receipts

    def end(message: TextMessage, now: Any) -> bool:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(settlement.History, "may_retry", lambda history, message: False)
            return apply(message, now)

    patch.setattr(receipts, "apply_receipts", end)


def a_later_failure_overwrites_a_delivery(patch: Patch) -> None:
    patch.setattr(settlement, "_OPEN", frozenset({*settlement._OPEN, Status.DELIVERED}))
    derive = final_status.derive

    def last(attempts: list[final_status.Tried], reports: Iterable[Reported]) -> final_status.Derived:
        reports = [report for report in reports if report.state is not ReceiptState.UNCHANGED]
        return derive(attempts, reports[-1:])

    patch.setattr(settlement, "derive", last)


def an_accepted_message_is_recorded_as_unknown(patch: Patch) -> None:
    def unknown(sending: delivery._Sending, gateway: Any, message_id: str) -> None:
        sending._row().update(status=Status.UNKNOWN, gateway=gateway.slug)

    patch.setattr(delivery._Sending, "_accepted", unknown)


MUTATIONS = [
    undeliverable_is_recorded_as_delivered,
    every_seventh_receipt_is_dropped,
    rows_are_claimed_twice,
    the_sweep_ends_codes_a_minute_early,
    the_messages_of_dead_workers_are_forgotten,
    the_attempts_of_dead_workers_are_forgotten,
    a_message_is_given_up_after_two_tries,
    a_worker_trusts_its_own_slow_clock,
    a_refusal_wins_over_a_request_without_an_answer,
    a_request_without_an_answer_counts_as_not_taken,
    a_receipt_of_one_gateway_ends_what_another_has,
    the_receipts_of_other_systems_count,
    a_rejection_by_receipt_ends_the_message,
    a_later_failure_overwrites_a_delivery,
    an_accepted_message_is_recorded_as_unknown,
]


def test_the_judge_finds_nothing_in_the_portal_as_it_is(rehearse: Callable[[], list[str]]) -> None:
    assert rehearse() == []
    statuses = set(TextMessage.objects.values_list("status", flat=True))
    assert {Status.DELIVERED, Status.SENT, Status.UNDELIVERABLE} <= statuses


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_the_judge_notices_that(
    rehearse: Callable[[], list[str]], monkeypatch: Patch, mutation: Callable[[Patch], None]
) -> None:
    mutation(monkeypatch)
    assert rehearse()


def test_a_message_that_two_workers_sent_at_once_is_noticed() -> None:
    row = {"id": 1, "status": "sent", "since": 0.0, "expires": 600.0, "gateways": ("a", "b")}
    asked = [{"at": 1.0, "gateway": "a", "message_id": "x", "mood": "well", "taken": True}]
    first, second = ({"worker": name, "started": 1.0, "ended": 2.0} for name in ("one", "two"))
    assert judge(row, asked, [], [first], 1000.0) == []
    assert judge(row, asked, [], [first, second], 1000.0) == ["message 1 was sent by two workers at once"]
