"""Which gateways a message tries, and in which order, while some are out of rotation."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from audit.models import SecurityEvent
from mfa_sms import breaker
from mfa_sms.models import Attempt, GatewayState, SmsDevice
from mfa_sms.tests.fakes import FakeGateway
from mfa_sms.tests.helpers import Clock, queued
from mfa_sms.tests.races import at_once

FIRST, SECOND, THIRD = FakeGateway("first"), FakeGateway("second"), FakeGateway("third")
ALL = [FIRST, SECOND, THIRD]


def open_circuit(*gateways: FakeGateway) -> None:
    for gateway in gateways:
        breaker._open(gateway.slug, "5 failures in a row")


def order(*gateways: FakeGateway) -> list[str]:
    return [gateway.slug for gateway in breaker.order(gateways or ALL)]


def attempted(phone: SmsDevice, gateway: FakeGateway, *outcomes: str) -> None:
    message = queued(phone)
    for outcome in outcomes:
        Attempt.objects.create(message=message, gateway=gateway.slug, outcome=outcome, started_at=timezone.now())


def test_gateways_in_service_are_tried_as_configured(db: None) -> None:
    assert order() == ["first", "second", "third"]


def test_a_gateway_that_rests_is_the_last_resort(clock: Clock, db: None) -> None:
    open_circuit(FIRST)
    assert order() == ["second", "third", "first"]


def test_one_message_every_15_seconds_may_try_it_first(clock: Clock, db: None) -> None:
    open_circuit(SECOND)
    tried = []
    for second in range(1, 61):
        clock.forward(1)
        if order()[0] == "second":
            tried.append(second)
        else:
            assert order() == ["first", "third", "second"]
    assert tried == [15, 30, 45, 60]


def test_a_trial_that_fails_goes_on_to_the_gateways_in_service(clock: Clock, db: None) -> None:
    open_circuit(SECOND)
    clock.forward(15)
    assert order() == ["second", "first", "third"]


def test_of_two_gateways_that_rest_each_has_its_trial(clock: Clock, db: None) -> None:
    open_circuit(FIRST, SECOND)
    clock.forward(15)
    assert order() == ["first", "third", "second"]
    assert order() == ["second", "third", "first"]
    assert order() == ["third", "first", "second"]


def test_where_all_rest_the_least_bad_is_tried_first(clock: Clock, phone: SmsDevice) -> None:
    open_circuit(*ALL)
    attempted(phone, FIRST, "unavailable", "unknown", "misconfigured")
    attempted(phone, SECOND, "accepted", "accepted", "unavailable", "rejected")
    attempted(phone, THIRD, "accepted", "unavailable")
    assert order() == ["second", "third", "first"]


def test_what_was_five_minutes_ago_does_not_make_a_gateway_worse(clock: Clock, phone: SmsDevice) -> None:
    open_circuit(FIRST, SECOND)
    attempted(phone, FIRST, "unavailable")
    GatewayState.objects.update(trial_at=timezone.now() + timedelta(hours=1))
    assert order(FIRST, SECOND) == ["second", "first"]
    clock.forward(minutes=5)
    assert order(FIRST, SECOND) == ["first", "second"]


def test_where_all_rest_all_are_tried_also_when_one_is_due(clock: Clock, db: None) -> None:
    open_circuit(*ALL)
    clock.forward(15)
    assert sorted(order()) == ["first", "second", "third"]


def test_the_only_gateway_is_tried_although_it_rests(clock: Clock, db: None) -> None:
    open_circuit(FIRST)
    assert order(FIRST) == ["first"]


def test_a_gateway_that_is_no_longer_configured_is_no_concern(clock: Clock, db: None) -> None:
    open_circuit(FakeGateway("the-one-before"))
    clock.forward(15)
    assert order() == ["first", "second", "third"]
    assert not breaker.all_out_of_service(ALL)


def test_all_rest_only_where_each_does(clock: Clock, db: None) -> None:
    open_circuit(FIRST, SECOND)
    assert not breaker.all_out_of_service(ALL)
    assert breaker.all_out_of_service([FIRST, SECOND])
    assert not breaker.all_out_of_service([])


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_of_several_messages_at_once_exactly_one_tries_it() -> None:
    open_circuit(FIRST)
    for _ in range(10):
        GatewayState.objects.update(trial_at=timezone.now())
        results = at_once([partial(order, FIRST, SECOND)] * 4)
        assert sorted(results, key=str) == [["first", "second"], *[["second", "first"]] * 3]


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_of_several_failures_at_once_one_rests_the_gateway_and_writes_the_event() -> None:
    for number in range(10):
        assert at_once([partial(breaker._open, f"gateway-{number}", "5 failures in a row")] * 4) == [None] * 4
    assert SecurityEvent.objects.filter(kind="gateway_out_of_service").count() == 10


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_successes_at_once_are_each_counted() -> None:
    open_circuit(FIRST)
    at_once([partial(breaker.note_attempt, "first", "accepted")] * 3)
    assert not GatewayState.objects.get().out_of_service
    assert SecurityEvent.objects.filter(kind="gateway_in_service").count() == 1
