"""The operator's commands. Their output contains no number."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mfa_sms import breaker
from mfa_sms.gateways import GatewayError, GatewayFault
from mfa_sms.models import Attempt, SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import Clock, queued

NUMBER = "+4526123478"


def run(*words: str, **options: Any) -> str:
    """Return the output of a command."""
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> tuple[FakeGateway, FakeGateway]:
    """Two configured gateways."""
    both = FakeGateway("first", wants_receipts=True), FakeGateway("second")
    use(monkeypatch, *both)
    return both


def test_a_test_message_goes_through_each_gateway(two: tuple[FakeGateway, FakeGateway]) -> None:
    said = run("send_test_sms", NUMBER)
    assert said == "first: accepted first-test\nsecond: accepted second-test\n"
    for gateway in two:
        (sent,) = gateway.sent
        assert (sent.to, sent.sender, sent.reference) == (NUMBER, "KU-IT", "test")
        assert "#" not in sent.text
    assert two[0].sent[0].receipt_url.endswith("/sms/receipts/first/")
    assert two[1].sent[0].receipt_url == ""


def test_a_test_message_goes_through_the_named_gateway_alone(two: tuple[FakeGateway, FakeGateway]) -> None:
    assert run("send_test_sms", "26 12 34 78", "--gateway", "second") == "second: accepted second-test\n"
    assert (two[0].sent, len(two[1].sent)) == ([], 1)


def test_a_gateway_that_does_not_take_it_is_named_with_its_fault(two: tuple[FakeGateway, FakeGateway]) -> None:
    two[0].error = GatewayError(GatewayFault.MISCONFIGURED, "http-401")
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^Not every gateway took the message\.$"):
        call_command("send_test_sms", NUMBER, stdout=out)
    assert out.getvalue() == "first: misconfigured http-401\nsecond: accepted second-test\n"
    assert NUMBER[3:] not in out.getvalue()


def test_a_test_message_stands_in_no_log(db: None, two: tuple[FakeGateway, FakeGateway]) -> None:
    run("send_test_sms", NUMBER)
    assert not TextMessage.objects.exists()
    assert not Attempt.objects.exists()


def test_a_gateway_that_is_not_configured_is_an_error(two: tuple[FakeGateway, FakeGateway]) -> None:
    with pytest.raises(CommandError, match="No gateway of that name"):
        run("send_test_sms", NUMBER, "--gateway", "third")
    assert (two[0].sent, two[1].sent) == ([], [])


@pytest.mark.parametrize(
    ("number", "why"), [("123", "danish_length"), ("hello", "letters"), ("+1 212 555 0123", "country_refused")]
)
def test_what_is_no_number_is_an_error_that_does_not_repeat_it(
    two: tuple[FakeGateway, FakeGateway], number: str, why: str
) -> None:
    with pytest.raises(CommandError, match=why) as caught:
        run("send_test_sms", number)
    assert number not in str(caught.value)
    assert two[0].sent == []


def test_the_status_shows_gateways_queue_and_the_last_hour(
    clock: Clock, phone: SmsDevice, two: tuple[FakeGateway, FakeGateway]
) -> None:
    queued(phone, status="failed", gateway="first")
    clock.forward(hours=1)
    breaker._open("first", "5 failures in a row")
    for status, gateway in (("delivered", "first"), ("delivered", "first"), ("sent", "second"), ("queued", "")):
        queued(phone, status=status, gateway=gateway)
    clock.forward(12)
    assert run("sms_status").splitlines() == [
        "Gateways, in the order in which they are tried",
        "  first            circuit open since 11:00:00: 5 failures in a row",
        "  second           in service",
        "Waiting: 1, the oldest for 12 s",
        "The last hour",
        "  -                queued         1",
        "  first            delivered      2",
        "  second           sent           1",
    ]


@pytest.mark.usefixtures("two")
def test_a_gateway_that_is_back_is_in_service(clock: Clock, db: None) -> None:
    breaker._open("first", "5 failures in a row")
    for _ in range(3):
        breaker.note_attempt("first", "accepted")
    assert "circuit open" not in run("sms_status")


@pytest.mark.usefixtures("two")
def test_without_any_message_the_status_is_short(db: None) -> None:
    assert run("sms_status").splitlines()[-2:] == ["Waiting: 0", "The last hour"]


@pytest.mark.usefixtures("two")
def test_asvs_16_2_5_the_status_holds_no_number_and_no_name(phone: SmsDevice) -> None:
    queued(phone)
    said = run("sms_status")
    assert NUMBER[3:] not in said
    assert str(phone.user.account_name) not in said
