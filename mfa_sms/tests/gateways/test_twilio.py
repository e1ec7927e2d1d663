"""Twilio: its requests and its receipts."""

import base64
import hmac
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from mfa_sms import gateways
from mfa_sms.gateways import ParsedReceipt, ReceiptRefused, ReceiptState, ReceiptUnreadable
from mfa_sms.tests.gateways.cases import CASES, TEXT, message
from mfa_sms.tests.gateways.provider import Provider, Says

GATEWAY = gateways.from_url("twilio://AC123:12345@api.twilio.com?service=MG7")
PORTAL = "https://portal.example.org"
TARGET = "/receipts/twilio/?reference=4711"
FIELDS = [
    ("ToCity", ""),
    ("To", "+4526123478"),
    ("MessageSid", "SM42"),
    ("MessageStatus", "delivered"),
    ("Navn", "æøå & more"),
]


@pytest.fixture(autouse=True)
def _portal(settings: Settings) -> None:
    settings.PORTAL_URL = PORTAL


def signature(target: str, fields: list[tuple[str, str]], key: str = "12345") -> str:
    """Sign as Twilio documents: the URL, then each name and value, sorted by name."""
    signed = PORTAL + target + "".join(name + value for name, value in sorted(fields))
    return base64.b64encode(hmac.new(key.encode(), signed.encode(), "sha1").digest()).decode()


def callback(fields: list[tuple[str, str]] = FIELDS, target: str = TARGET, sign: str | None = None) -> HttpRequest:
    """Return a receipt request as Twilio makes it."""
    return RequestFactory().post(
        target,
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature(target, fields) if sign is None else sign},
    )


def changed(**values: str) -> list[tuple[str, str]]:
    """Return the documented fields, with some replaced or added."""
    return list({**dict(FIELDS), **values}.items())


def test_a_message_is_sent_as_documented(provider: Provider) -> None:
    case = CASES["twilio"]
    provider.replies = [case.accepted]
    result = case.at(provider.host).send(message(validity=539))
    [sent] = provider.sent
    assert (sent.method, sent.target) == ("POST", "/2010-04-01/Accounts/AC123/Messages.json")
    assert base64.b64decode(sent.headers["Authorization"].removeprefix("Basic ")) == b"AC123:s3cret/t0ken"
    assert sent.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert sent.form == {
        "To": "+4526123478",
        "From": "+4512345678",
        "Body": TEXT,
        "ValidityPeriod": "539",
        "StatusCallback": "https://portal.example.org/receipts/x/?reference=4711",
    }
    assert result.parts == 1


@pytest.mark.parametrize(("validity", "sent"), [(-5, "1"), (0, "1"), (600, "600"), (99_999, "36000")])
def test_the_validity_stays_within_twilios_limits(provider: Provider, validity: int, sent: str) -> None:
    provider.replies = [CASES["twilio"].accepted]
    CASES["twilio"].at(provider.host).send(message(validity=validity))
    assert provider.sent[0].form["ValidityPeriod"] == sent


def test_a_messaging_service_sends_instead_of_a_number(provider: Provider) -> None:
    provider.replies = [CASES["twilio"].accepted]
    gateways.from_url(f"twilio://AC123:t@{provider.host}?service=MG7").send(message())
    assert provider.sent[0].form["MessagingServiceSid"] == "MG7"
    assert "From" not in provider.sent[0].form


@pytest.mark.parametrize("parts", ["0", "", None, 7, "many", "999999999999"])
def test_a_number_of_parts_that_is_none_is_unknown(provider: Provider, parts: object) -> None:
    provider.replies = [Says(201, {"sid": "SM42", "num_segments": parts})]
    assert CASES["twilio"].at(provider.host).send(message()).parts is None


def test_a_receipt_tells_what_became_of_which_message() -> None:
    [receipt] = GATEWAY.parse_receipt(callback())
    assert receipt == ParsedReceipt(receipt.event_id, "4711", "SM42", ReceiptState.DELIVERED, "delivered")


def test_twilios_own_example_is_authentic(settings: Settings) -> None:
    """The example of https://www.twilio.com/docs/usage/security, with the token 12345."""
    settings.PORTAL_URL = "https://mycompany.com"
    fields = [("CallSid", "CA1234567890ABCDE"), ("Caller", "+12349013030"), ("Digits", "1234")]
    fields += [("From", "+12349013030"), ("To", "+18005551212")]
    request = callback(fields, "/myapp.php?foo=1&bar=2", sign="0/KCTR6DLpKmkAf8muzZqo1nDgQ=")
    with pytest.raises(ReceiptUnreadable):  # authentic, but about a call
        GATEWAY.parse_receipt(request)


def test_names_are_sorted_before_values_are_joined_to_them() -> None:
    assert GATEWAY.parse_receipt(callback([*FIELDS, ("A", "z"), ("AB", "a")]))


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        ("accepted", "", ReceiptState.SENT),
        ("queued", "", ReceiptState.SENT),
        ("sending", "", ReceiptState.SENT),
        ("sent", "", ReceiptState.SENT),
        ("delivered", "", ReceiptState.DELIVERED),
        ("undelivered", "30003", ReceiptState.UNDELIVERABLE),
        ("undelivered", "30036", ReceiptState.EXPIRED),
        ("failed", "30006", ReceiptState.REJECTED),
        ("canceled", "", ReceiptState.REJECTED),
        ("tomorrow", "", ReceiptState.UNCHANGED),
    ],
)
def test_each_status_becomes_ours(status: str, code: str, state: ReceiptState) -> None:
    [receipt] = GATEWAY.parse_receipt(callback(changed(MessageStatus=status, ErrorCode=code)))
    assert (receipt.state, receipt.raw_status, receipt.error_code) == (state, status, code)


def test_the_same_report_is_the_same_event_and_another_is_another() -> None:
    first, again, other = (
        GATEWAY.parse_receipt(callback(changed(MessageStatus=status)))[0].event_id
        for status in ("sent", "sent", "delivered")
    )
    assert first == again != other


@pytest.mark.parametrize("sign", ["", "æ", signature(TARGET, FIELDS, key="another")])
def test_a_receipt_with_a_wrong_signature_is_refused(sign: str) -> None:
    with pytest.raises(ReceiptRefused):
        GATEWAY.parse_receipt(callback(sign=sign))


def test_a_body_that_was_tampered_with_is_refused() -> None:
    with pytest.raises(ReceiptRefused):
        GATEWAY.parse_receipt(callback(changed(MessageStatus="failed"), sign=signature(TARGET, FIELDS)))


def test_a_field_that_was_added_is_refused() -> None:
    with pytest.raises(ReceiptRefused):
        GATEWAY.parse_receipt(callback([*FIELDS, ("MessageStatus", "failed")], sign=signature(TARGET, FIELDS)))


def test_a_receipt_moved_to_another_message_is_refused() -> None:
    with pytest.raises(ReceiptRefused):
        GATEWAY.parse_receipt(callback(target="/receipts/twilio/?reference=1", sign=signature(TARGET, FIELDS)))


@pytest.mark.parametrize("fields", [changed(MessageSid=""), changed(MessageStatus="")])
def test_an_authentic_receipt_without_id_or_status_is_unreadable(fields: list[tuple[str, str]]) -> None:
    with pytest.raises(ReceiptUnreadable):
        GATEWAY.parse_receipt(callback(fields))


@pytest.mark.parametrize("body", [b"\xff=\xff", b"%ff=1", b"&".join(b"a%d=1" % number for number in range(200))])
def test_a_form_that_cannot_be_read_is_unreadable(body: bytes) -> None:
    request = RequestFactory().post(TARGET, body, content_type="application/x-www-form-urlencoded")
    with pytest.raises(ReceiptUnreadable):
        GATEWAY.parse_receipt(request)
