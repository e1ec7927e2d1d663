"""A gateway that an administrator disabled stays disabled, regardless of the circuit breaker."""

import pytest
from django.utils import translation

from accounts.models import Account
from common.client_info import ClientInfo
from mfa_sms import breaker, delivery, gateway_control, sweep
from mfa_sms.gateways import GatewayFault
from mfa_sms.helpdesk import section
from mfa_sms.method import METHOD
from mfa_sms.models import GatewayState, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, failing, use
from mfa_sms.tests.helpers import Clock, queued
from mfa_sms.tests.test_breaker import fail


def take_out(administrator: Account, slug: str) -> None:
    gateway_control.disable_gateway(administrator, slug, "Driftsstop", ClientInfo(), knows=True)


def test_no_message_tries_it_and_none_brings_it_back(
    clock: Clock, phone: SmsDevice, administrator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = FakeGateway("first"), FakeGateway("second")
    use(monkeypatch, first, second)
    take_out(administrator, "first")
    assert fail(phone, clock, 15, 15, 15, 15)
    assert (len(first.sent), len(second.sent)) == (0, 4)


def test_one_that_was_on_trial_is_not_tried_any_more(
    clock: Clock, phone: SmsDevice, administrator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = FakeGateway("first")
    use(monkeypatch, first, FakeGateway("second"))
    breaker._open("first", "5 failures in a row")
    assert fail(phone, clock, 15)
    take_out(administrator, "first")
    assert fail(phone, clock, 15, 15, 15)
    assert len(first.sent) == 1


def test_a_worker_that_has_not_heard_of_it_claims_no_trial(
    clock: Clock, administrator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FakeGateway("first"), FakeGateway("second"))
    take_out(administrator, "first")
    GatewayState.objects.update(trial_at=GatewayState.objects.get(gateway="first").changed_at)
    assert not breaker._claim_trial("first")


def test_tests_that_go_through_do_not_bring_it_back(administrator: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakeGateway("first"), FakeGateway("second"))
    take_out(administrator, "first")
    for _time in range(5):
        breaker.note_attempt("first", "accepted")
    assert GatewayState.objects.get(gateway="first").disabled_by == administrator


def test_in_need_those_that_rest_are_tried_and_those_that_were_taken_out_are_not(
    clock: Clock, phone: SmsDevice, administrator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = FakeGateway("first"), FakeGateway("second")
    use(monkeypatch, first, second)
    take_out(administrator, "first")
    breaker._open("second", "5 failures in a row")
    assert METHOD.trouble()
    delivery.deliver(queued(phone).pk)
    assert (len(first.sent), len(second.sent)) == (0, 1)


def test_while_none_is_in_service_a_message_waits_and_fails_when_its_code_expires(
    clock: Clock, phone: SmsDevice, administrator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = FakeGateway("only")
    use(monkeypatch, only)
    take_out(administrator, "only")
    message = queued(phone)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert message.status == "queued"
    clock.forward(600)
    sweep.sweep_messages()
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", "unavailable")
    assert only.sent == []


def test_a_message_that_waited_is_sent_once_a_gateway_is_back(
    clock: Clock, phone: SmsDevice, administrator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FakeGateway("only"))
    take_out(administrator, "only")
    message = queued(phone)
    delivery.deliver(message.pk)
    gateway_control.enable_gateway(
        administrator, "only", gateway_control.stamp(GatewayState.objects.get()), ClientInfo()
    )
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert message.status == TextMessage.Status.SENT


def test_failures_of_before_do_not_rest_it_again_once_it_is_back(
    clock: Clock, phone: SmsDevice, administrator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing("first", GatewayFault.UNAVAILABLE), FakeGateway("second"))
    fail(phone, clock, *[0] * 4)
    take_out(administrator, "first")
    clock.forward(1)
    gateway_control.enable_gateway(
        administrator, "first", gateway_control.stamp(GatewayState.objects.get(gateway="first")), ClientInfo()
    )
    assert not fail(phone, clock, 0)


@pytest.mark.parametrize(
    ("out", "said"),
    [
        (
            ["first"],
            "The problem is on our side: IT has taken these gateways out of service: first. "
            "Messages go through the others.",
        ),
        (
            ["first", "second"],
            "The problem is on our side: IT has taken every gateway out of service. No text message can be sent.",
        ),
    ],
)
def test_the_page_of_an_account_says_that_it_took_out_a_gateway(
    student: Account, administrator: Account, monkeypatch: pytest.MonkeyPatch, out: list[str], said: str
) -> None:
    use(monkeypatch, FakeGateway("first"), FakeGateway("second"))
    for slug in out:
        take_out(administrator, slug)
    with translation.override("en"):
        assert section.make_section(student, []).troubles == (said,)
