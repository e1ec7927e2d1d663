"""Kannel: its requests and its receipts."""

from urllib.parse import urlsplit

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from mfa_sms import gateways
from mfa_sms.final_status import QUEUED_THERE
from mfa_sms.gateways import GatewayError, GatewayFault, ParsedReceipt, ReceiptRefused, ReceiptState, ReceiptUnreadable
from mfa_sms.tests.gateways.cases import CASES, TEXT, message
from mfa_sms.tests.gateways.provider import Provider, Says

GATEWAY = gateways.from_url("kannel://user:password@127.0.0.1:13013")


@pytest.fixture
def receipt_url(provider: Provider) -> str:
    """The `dlr-url` sent to Kannel for message 4711, before its escapes are replaced."""
    provider.replies = [CASES["kannel"].accepted]
    CASES["kannel"].at(provider.host).send(message())
    return provider.sent[0].query["dlr-url"]


def call(receipt_url: str, state: str = "1", operator_id: str = "f00d") -> HttpRequest:
    """Return a receipt request as Kannel makes it. Kannel replaces the escapes that begin with a percent sign."""
    filled = receipt_url.replace("%d", state).replace("%F", operator_id).replace("%%", "%")
    return RequestFactory().get(filled)


def test_a_message_is_sent_as_documented(provider: Provider) -> None:
    case = CASES["kannel"]
    provider.replies = [case.accepted]
    case.at(provider.host).send(message())
    [sent] = provider.sent
    query = sent.query
    assert (sent.method, sent.path, sent.body) == ("GET", "/cgi-bin/sendsms", b"")
    assert urlsplit(query.pop("dlr-url")).path == "/receipts/x/"
    assert query == {
        "username": "us3cret",
        "password": "p@ss t0ken/",
        "from": "KU-IT",
        "to": "+4526123478",
        "text": TEXT,
        "charset": "UTF-8",
        "coding": "0",
        "validity": "9",
        "dlr-mask": "31",
    }


@pytest.mark.parametrize(("validity", "minutes"), [(-1, "1"), (30, "1"), (119, "1"), (120, "2"), (600, "10")])
def test_a_message_is_not_delivered_after_the_code_is_dead(provider: Provider, validity: int, minutes: str) -> None:
    provider.replies = [CASES["kannel"].accepted]
    CASES["kannel"].at(provider.host).send(message(validity=validity))
    assert provider.sent[0].query["validity"] == minutes


def test_a_message_that_kannel_keeps_without_an_operator_goes_to_another_gateway_too(provider: Provider) -> None:
    provider.replies = [Says(202, b"3: Queued for later delivery")]
    with pytest.raises(GatewayError) as caught:
        CASES["kannel"].at(provider.host).send(message())
    assert (caught.value.fault, caught.value.code) == (GatewayFault.UNKNOWN, QUEUED_THERE)


def test_the_address_of_receipts_has_no_credentials_and_asks_for_no_text(receipt_url: str) -> None:
    assert "t0ken" not in receipt_url
    assert "%A" not in receipt_url


def test_a_receipt_tells_what_became_of_which_message(receipt_url: str) -> None:
    [receipt] = GATEWAY.parse_receipt(call(receipt_url))
    assert receipt == ParsedReceipt(receipt.event_id, "4711", "f00d", ReceiptState.DELIVERED, "1")


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        ("1", ReceiptState.DELIVERED),
        ("2", ReceiptState.UNDELIVERABLE),
        ("4", ReceiptState.SENT),
        ("8", ReceiptState.SENT),
        ("16", ReceiptState.REJECTED),
        ("34", ReceiptState.EXPIRED),
        ("64", ReceiptState.UNCHANGED),
        ("tomorrow", ReceiptState.UNCHANGED),
    ],
)
def test_each_state_becomes_ours(receipt_url: str, raw: str, state: ReceiptState) -> None:
    [receipt] = GATEWAY.parse_receipt(call(receipt_url, raw))
    assert (receipt.state, receipt.raw_status) == (state, raw)


def test_the_same_report_is_the_same_event_and_another_is_another(receipt_url: str) -> None:
    first, again, other = (GATEWAY.parse_receipt(call(receipt_url, state))[0].event_id for state in ("8", "8", "1"))
    assert first == again != other


@pytest.mark.parametrize(
    ("genuine", "forged"),
    [
        ("reference=4711", "reference=4712"),
        ("reference=4711", "reference=%C3%A6"),
        ("mac=", "mac=0"),
        ("mac=", "not="),
        ("mac=", "mac=%C3%A6"),
    ],
)
def test_a_receipt_for_another_message_is_refused(receipt_url: str, genuine: str, forged: str) -> None:
    assert genuine in receipt_url
    with pytest.raises(ReceiptRefused):
        GATEWAY.parse_receipt(call(receipt_url.replace(genuine, forged)))


def test_a_receipt_for_another_gateway_is_refused(receipt_url: str) -> None:
    other = gateways.from_url("kannel://user:password@127.0.0.1:13013?name=second")
    with pytest.raises(ReceiptRefused):
        other.parse_receipt(call(receipt_url))


@pytest.mark.parametrize("state", ["", "1 and a sentence", "123456"])
def test_a_receipt_without_a_state_is_unreadable(receipt_url: str, state: str) -> None:
    with pytest.raises(ReceiptUnreadable):
        GATEWAY.parse_receipt(call(receipt_url, state))


def test_a_receipt_outlives_a_change_of_the_key_as_long_as_the_old_one_is_kept(
    receipt_url: str, settings: Settings
) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new"
    assert GATEWAY.parse_receipt(call(receipt_url))
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ReceiptRefused):
        GATEWAY.parse_receipt(call(receipt_url))


def test_a_reference_of_any_characters_survives_kannels_escapes(provider: Provider) -> None:
    provider.replies = [CASES["kannel"].accepted]
    CASES["kannel"].at(provider.host).send(message(reference="a&b%d=ø"))
    [receipt] = GATEWAY.parse_receipt(call(provider.sent[0].query["dlr-url"]))
    assert receipt.reference == "a&b%d=ø"
