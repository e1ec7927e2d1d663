"""GatewayAPI: its requests and its receipts."""

import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from mfa_sms import gateways
from mfa_sms.gateways import ParsedReceipt, ReceiptRefused, ReceiptState, ReceiptUnreadable
from mfa_sms.gateways.base import message_id_of
from mfa_sms.tests.gateways.cases import CASES, TEXT, message
from mfa_sms.tests.gateways.provider import Provider

GATEWAY = gateways.from_url("gatewayapi://t0ken@messaging.gatewayapi.eu?secret=w3bhook")
EVENT_ID = "8f0d3c1e-0000-4000-8000-000000000001"


def report(**event: Any) -> dict[str, Any]:
    """Return the documented event, with some fields replaced."""
    return {
        "event_id": EVENT_ID,
        "timestamp": "2026-09-01T08:00:02Z",
        "event_type": "message.status.sms",
        "event": {
            "msg_id": "01JNNABC",
            "recipient": 4526123478,
            "reference": "4711",
            "status": "DELIVERED",
            "status_at": "2026-09-01T08:00:01Z",
            "error": None,
            **event,
        },
    }


def signed(content: Any, key: str = "w3bhook", scheme: str = "v1=") -> HttpRequest:
    """Return a receipt request as GatewayAPI makes it."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    signature = scheme + hmac.new(key.encode(), body, "sha256").hexdigest()
    return RequestFactory().post(
        "/receipts/gatewayapi/", body, content_type="application/json", headers={"Signature": signature}
    )


def test_a_message_is_sent_as_documented(provider: Provider) -> None:
    case = CASES["gatewayapi"]
    provider.replies = [case.accepted]
    case.at(provider.host).send(message(validity=539))
    [sent] = provider.sent
    assert (sent.method, sent.target) == ("POST", "/mobile/single")
    assert sent.headers["Authorization"] == "Token s3cret-t0ken"
    assert sent.headers["Content-Type"] == "application/json"
    assert sent.document == {
        "sender": "KU-IT",
        "recipient": 4526123478,
        "message": TEXT,
        "reference": "4711",
        "priority": "urgent",
        "expiration": "PT539S",
    }


def test_a_receipt_tells_what_became_of_which_message() -> None:
    at = datetime(2026, 9, 1, 8, 0, 1, tzinfo=UTC)
    assert GATEWAY.parse_receipt(signed(report())) == [
        ParsedReceipt(EVENT_ID, "4711", "01JNNABC", ReceiptState.DELIVERED, "DELIVERED", "", at)
    ]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("BUFFERED", ReceiptState.SENT),
        ("ENROUTE", ReceiptState.SENT),
        ("DELIVERED", ReceiptState.DELIVERED),
        ("UNDELIVERABLE", ReceiptState.UNDELIVERABLE),
        ("DELETED", ReceiptState.UNDELIVERABLE),
        ("EXPIRED", ReceiptState.EXPIRED),
        ("REJECTED", ReceiptState.REJECTED),
        ("SKIPPED", ReceiptState.REJECTED),
        ("ACCEPTED", ReceiptState.UNCHANGED),
        ("UNKNOWN", ReceiptState.UNCHANGED),
        ("TOMORROW", ReceiptState.UNCHANGED),
    ],
)
def test_each_status_becomes_ours(status: str, state: ReceiptState) -> None:
    [receipt] = GATEWAY.parse_receipt(signed(report(status=status)))
    assert (receipt.state, receipt.raw_status) == (state, status)


def test_the_error_code_is_kept_and_its_details_are_not() -> None:
    error = {"hex_code": "0x000B", "details": "+4526123478 is gone"}
    [receipt] = GATEWAY.parse_receipt(signed(report(status="UNDELIVERABLE", error=error)))
    assert receipt.error_code == "0x000B"
    assert "2612" not in repr(receipt)


@pytest.mark.parametrize("error", ["text", ["list"], {"hex_code": None}, {"hex_code": "to +4526123478"}])
def test_an_error_of_another_shape_is_no_code(error: Any) -> None:
    [receipt] = GATEWAY.parse_receipt(signed(report(error=error)))
    assert receipt.error_code == ""


@pytest.mark.parametrize("at", [None, 7, "yesterday", "2026-13-45T99:00:00Z"])
def test_a_receipt_without_a_time_still_counts(at: Any) -> None:
    [receipt] = GATEWAY.parse_receipt(signed(report(status_at=at)))
    assert (receipt.state, receipt.at) == (ReceiptState.DELIVERED, None)


def test_a_time_without_a_zone_is_utc() -> None:
    [receipt] = GATEWAY.parse_receipt(signed(report(status_at="2026-09-01T08:00:01")))
    assert receipt.at == datetime(2026, 9, 1, 8, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize("event_type", ["message.received", "contact.created", None, 7])
def test_an_event_of_another_kind_is_taken_and_ignored(event_type: Any) -> None:
    assert GATEWAY.parse_receipt(signed({**report(), "event_type": event_type})) == []


@pytest.mark.parametrize("status", ["DELIVERED", "DISPLAYED"])
def test_a_message_that_arrived_by_rcs_has_arrived(status: str) -> None:
    [receipt] = GATEWAY.parse_receipt(signed({**report(status=status), "event_type": "message.status.rcs"}))
    assert receipt.state is ReceiptState.DELIVERED


def test_a_long_or_unusual_id_is_the_same_in_the_answer_and_in_the_receipt() -> None:
    for value in ("x" * 200, "a b ø", 4711):
        [receipt] = GATEWAY.parse_receipt(signed(report(msg_id=value)))
        assert receipt.message_id == message_id_of(value) != ""
        assert len(receipt.message_id) <= 64


def test_a_receipt_signed_with_another_secret_is_refused() -> None:
    with pytest.raises(ReceiptRefused):
        GATEWAY.parse_receipt(signed(report(), key="another"))


def test_a_signature_of_another_version_is_refused() -> None:
    with pytest.raises(ReceiptRefused):
        GATEWAY.parse_receipt(signed(report(), scheme="v2="))


@pytest.mark.parametrize("signature", ["", "v1=", "æøå"])
def test_a_signature_that_is_none_is_refused(signature: str) -> None:
    request = signed(report())
    request.META["HTTP_SIGNATURE"] = signature
    with pytest.raises(ReceiptRefused):
        GATEWAY.parse_receipt(request)


def test_a_body_that_was_tampered_with_is_refused() -> None:
    genuine = signed(report(status="REJECTED"))
    forged = signed(report(status="DELIVERED"))
    forged.META["HTTP_SIGNATURE"] = genuine.META["HTTP_SIGNATURE"]
    with pytest.raises(ReceiptRefused):
        GATEWAY.parse_receipt(forged)


def test_without_a_configured_secret_every_receipt_is_refused() -> None:
    gateway = gateways.from_url("gatewayapi://t0ken@messaging.gatewayapi.eu")
    assert not gateway.can_verify_receipts
    with pytest.raises(ReceiptRefused):
        gateway.parse_receipt(signed(report(), key=""))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 50_000,
        b"[]",
        {"event_type": "message.status.sms"},
        {**report(), "event": "DELIVERED"},
        {**report(), "event_id": 7},
        {**report(), "event_id": "x" * 65},
        report(status=None),
        report(status={"a": 1}),
        report(status="DELIVERED to +4526123478"),
        report(reference=None, msg_id=None),
    ],
)
def test_a_signed_body_that_lacks_what_a_receipt_has_is_unreadable(content: Any) -> None:
    with pytest.raises(ReceiptUnreadable):
        GATEWAY.parse_receipt(signed(content))


def test_a_body_that_is_too_large_is_unreadable() -> None:
    with pytest.raises(ReceiptUnreadable):
        GATEWAY.parse_receipt(signed(b" " * 70_000))


def test_a_message_that_we_gave_no_reference_is_found_by_the_gateways_id() -> None:
    [receipt] = GATEWAY.parse_receipt(signed(report(reference=None)))
    assert (receipt.reference, receipt.message_id) == ("", "01JNNABC")
