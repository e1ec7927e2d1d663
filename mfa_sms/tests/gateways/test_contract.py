"""The contract of all HTTP gateways, regardless of the provider's behavior."""

import logging
import os
import time
import traceback

import httpx
import pytest
from django.test import RequestFactory

from mfa_sms import gateways
from mfa_sms.gateways import Gateway, GatewayError, GatewayFault, ReceiptRefused, http
from mfa_sms.tests.gateways import provider as play
from mfa_sms.tests.gateways.cases import CASES, SECRETS, Case, Refusal, message
from mfa_sms.tests.gateways.provider import Provider, Reply, Says

REFUSALS = [
    pytest.param(case, refusal, id=f"{name}: {refusal.why}")
    for name, case in CASES.items()
    for refusal in case.refusals
]
AFTER_IT_LEFT: list[Reply] = [play.hangs_up, play.breaks_off, play.speaks_no_http, play.floods]
GARBAGE = [b"", b"<html>502</html>", b"\xff\xfe", b"null", b"[" * 60_000, b"9" * 5000, b'{"msg_id":', b'"sid"']


def fault_of(gateway: Gateway) -> GatewayError:
    """Send a message and return the error, which must contain no secret."""
    with pytest.raises(GatewayError) as caught:
        gateway.send(message())
    error = caught.value
    assert error.__context__ is None
    assert error.__cause__ is None
    assert_discreet("".join(traceback.format_exception(error)) + repr(error) + str(error) + repr(error.args))
    return error


def assert_discreet(text: str) -> None:
    """Assert that a text contains no credential, number, message text or code."""
    assert [secret for secret in SECRETS if secret in text] == []


def test_an_accepted_message_has_the_gateways_id(case: Case, gateway: Gateway) -> None:
    assert gateway.send(message()).message_id == case.message_id


@pytest.mark.parametrize(("case", "refusal"), REFUSALS)
def test_each_documented_error_becomes_our_fault(case: Case, refusal: Refusal, provider: Provider) -> None:
    provider.replies = [refusal.reply]
    error = fault_of(case.at(provider.host))
    assert (error.fault, error.code) == (refusal.fault, refusal.code)
    assert len(provider.sent) == 1


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 599])
def test_a_gateway_with_a_fault_of_its_own_is_unavailable(gateway: Gateway, provider: Provider, status: int) -> None:
    provider.replies = [Says(status, b"oops")]
    error = fault_of(gateway)
    assert (error.fault, error.code) == (GatewayFault.UNAVAILABLE, f"http-{status}")


@pytest.mark.parametrize("status", [504, 524])
def test_after_the_time_out_of_a_proxy_the_message_may_have_been_taken(
    gateway: Gateway, provider: Provider, status: int
) -> None:
    provider.replies = [Says(status, b"oops")]
    assert fault_of(gateway).fault is GatewayFault.UNKNOWN


@pytest.mark.parametrize("status", [402, 404, 405, 415])
def test_a_status_that_is_about_no_message_is_a_fault_of_the_gateway(
    gateway: Gateway, provider: Provider, status: int
) -> None:
    provider.replies = [Says(status, b"no")]
    assert fault_of(gateway).fault is GatewayFault.MISCONFIGURED


def test_a_gateway_is_busy_for_as_long_as_it_says(gateway: Gateway, provider: Provider) -> None:
    provider.replies = [Says(429, {}, {"Retry-After": "17"})]
    error = fault_of(gateway)
    assert (error.fault, error.retry_after) == (GatewayFault.BUSY, 17)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(gateway: Gateway, provider: Provider, status: int) -> None:
    provider.replies = [Says(status, b"", {"Location": f"http://{provider.host}/elsewhere"})]
    assert fault_of(gateway).fault is GatewayFault.MISCONFIGURED
    assert len(provider.sent) == 1


def test_where_nobody_listens_the_gateway_is_unavailable(case: Case) -> None:
    error = fault_of(case.at(play.nobody_listens()))
    assert (error.fault, error.code) == (GatewayFault.UNAVAILABLE, http.NETWORK)


@pytest.mark.parametrize("reply", AFTER_IT_LEFT, ids=lambda reply: reply.__name__)
def test_what_fails_after_the_request_left_is_unknown(gateway: Gateway, provider: Provider, reply: Reply) -> None:
    provider.replies = [reply]
    assert fault_of(gateway).fault is GatewayFault.UNKNOWN
    assert len(provider.sent) == 1


@pytest.mark.parametrize("body", GARBAGE)
def test_an_unreadable_success_is_unknown(gateway: Gateway, provider: Provider, body: bytes) -> None:
    provider.replies = [Says(200, body)]
    assert fault_of(gateway).fault is GatewayFault.UNKNOWN


@pytest.mark.parametrize("body", GARBAGE)
def test_an_unreadable_refusal_is_still_a_refusal(gateway: Gateway, provider: Provider, body: bytes) -> None:
    provider.replies = [Says(400, body)]
    assert fault_of(gateway).fault is GatewayFault.REJECTED


def test_a_refusal_that_breaks_off_is_still_a_refusal(gateway: Gateway, provider: Provider) -> None:
    provider.replies = [play.refuses_and_breaks_off]
    error = fault_of(gateway)
    assert (error.fault, error.code) == (GatewayFault.REJECTED, "http-400")


def test_ten_megabytes_are_not_read(gateway: Gateway, provider: Provider) -> None:
    provider.replies = [play.floods]
    fault_of(gateway)
    assert provider.gone.wait(play.LONG)
    assert provider.bytes_taken < 9 * 1024 * 1024


def test_a_gateway_that_takes_the_message_and_says_nothing_leaves_it_unknown(
    gateway: Gateway, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(10, read=0.2))
    provider.replies = [play.hangs]
    assert fault_of(gateway).fault is GatewayFault.UNKNOWN


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("reply", [play.drips_headers, play.drips_body], ids=lambda reply: reply.__name__)
def test_no_answer_takes_longer_than_the_deadline(gateway: Gateway, provider: Provider, reply: Reply) -> None:
    provider.replies = [reply]
    began = time.monotonic()
    assert fault_of(gateway).fault is GatewayFault.UNKNOWN
    assert time.monotonic() - began < 5


def test_two_messages_use_one_connection(gateway: Gateway, provider: Provider) -> None:
    gateway.send(message())
    gateway.send(message())
    assert (len(provider.sent), provider.connections) == (2, 1)


def test_a_refusal_keeps_the_connection(case: Case, gateway: Gateway, provider: Provider) -> None:
    provider.replies = [Says(400, b"no"), case.accepted]
    fault_of(gateway)
    gateway.send(message())
    assert provider.connections == 1


def test_after_a_connection_broke_the_next_message_takes_a_new_one(
    case: Case, gateway: Gateway, provider: Provider
) -> None:
    provider.replies = [play.breaks_off, case.accepted]
    fault_of(gateway)
    assert gateway.send(message()).message_id == case.message_id
    assert provider.connections == 2


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # Python 3.12 warns if there are threads
def test_a_forked_process_takes_connections_of_its_own(gateway: Gateway, provider: Provider) -> None:
    gateway.send(message())
    child = os.fork()
    if child == 0:
        try:
            gateway.send(message())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    gateway.send(message())
    assert (len(provider.sent), provider.connections) == (3, 2)


def test_no_cookie_is_given_back(case: Case, gateway: Gateway, provider: Provider) -> None:
    provider.replies = [Says(case.accepted.status, case.accepted.content, {"Set-Cookie": "who=me"}), case.accepted]
    gateway.send(message())
    gateway.send(message())
    assert "Cookie" not in provider.sent[1].headers


def test_a_proxy_of_the_environment_is_not_used(
    case: Case, gateway: Gateway, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    http.close()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{play.nobody_listens()}")
    assert gateway.send(message()).message_id == case.message_id


@pytest.mark.parametrize("reply", [None, Says(400, b"no"), Says(302, b""), play.breaks_off])
def test_nothing_is_logged_that_is_nobodys_business(
    gateway: Gateway, provider: Provider, caplog: pytest.LogCaptureFixture, reply: Reply | None
) -> None:
    for name in (None, "httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
        caplog.set_level(logging.DEBUG, logger=name)
    if reply is None:
        gateway.send(message())
    else:
        provider.replies = [reply]
        fault_of(gateway)
    assert_discreet(" ".join([record.getMessage() + str(record.args) for record in caplog.records]))


def test_printing_a_gateway_or_a_message_shows_no_secret(gateway: Gateway) -> None:
    assert_discreet(repr(gateway) + str(gateway) + repr(message()) + repr(http.GatewayResponse(200, b"t0ken")))


def test_the_text_arrives_to_the_letter(gateway: Gateway, provider: Provider) -> None:
    gateway.send(message())
    [sent] = provider.sent
    fields = sent.document if sent.body.startswith(b"{") else sent.form if sent.body else sent.query
    texts = [value for name, value in fields.items() if name.lower() in ("message", "body", "text")]
    assert texts == [message().text]


def test_a_code_never_stands_in_the_address_of_its_receipts(gateway: Gateway, provider: Provider) -> None:
    gateway.send(message())
    [sent] = provider.sent
    addresses = [
        value for value in {**sent.query, **(sent.form if b"=" in sent.body else {})}.values() if "/x/" in value
    ]
    assert_discreet(" ".join(addresses))


def test_where_no_receipts_are_wanted_none_are_asked_for(gateway: Gateway, provider: Provider) -> None:
    gateway.send(message(receipt_url=""))
    [sent] = provider.sent
    assert "receipt" not in sent.target + sent.body.decode()
    assert "dlr" not in sent.target


@pytest.mark.parametrize("url", ["console://", "file:///tmp/messages.jsonl", *(case.url for case in CASES.values())])
def test_a_receipt_that_nothing_authenticates_is_refused(url: str) -> None:
    gateway = gateways.from_url(url.replace("{host}", "127.0.0.1:1"))
    for request in (RequestFactory().get("/receipts/x/"), RequestFactory().post("/receipts/x/", b"{}", "text/json")):
        with pytest.raises(ReceiptRefused):
            gateway.parse_receipt(request)


def test_gateways_that_report_can_tell_who_reports(gateway: Gateway) -> None:
    assert gateway.wants_receipts
    assert gateway.can_verify_receipts
