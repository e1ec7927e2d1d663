"""A real Kannel: the operator receives the exact message, and the operator's receipts arrive here."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.test import RequestFactory

from mfa_sms import gateways
from mfa_sms.gateways import Gateway, GatewayError, GatewayFault, OutgoingMessage, ReceiptState
from tests.kannel.kannel import INSTALLED, Kannel, ReceiptServer, wait_until

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(not INSTALLED, reason="Kannel is not installed (Debian: kannel, kannel-extras)"),
]

NUMBER = "+4526123478"
FIRST = "123456 er din engangskode til at ændre dit KU-login. Æblegrød på en Ø? 35 € & 100 % + {[~]}"
LAST = "@sms-login.ku.dk #123456"


@pytest.fixture
def portal() -> Iterator[ReceiptServer]:
    """Yield a server that receives receipts."""
    server = ReceiptServer()
    yield server
    server.stop()


def gateway_to(kannel: Kannel, password: str | None = None) -> Gateway:
    """Return the gateway that an operator would configure."""
    credentials = f"{kannel.user}:{quote(password or kannel.password, safe='')}"
    return gateways.from_url(f"kannel://{credentials}@127.0.0.1:{kannel.ports['sendsms']}")


def message(reference: str, receipt_url: str = "") -> OutgoingMessage:
    """Return a message like one with a code."""
    return OutgoingMessage(NUMBER, f"{FIRST}\n{LAST}", "KU-IT", reference, 540, receipt_url)


def test_a_message_arrives_to_the_letter_and_its_receipts_come_back(kannel: Kannel, portal: ReceiptServer) -> None:
    gateway = gateway_to(kannel)
    gateway.send(message("4711", portal.url))

    # The operator reads line by line, so its log shows the last line separately.
    wait_until(lambda: LAST in kannel.log("operator"), "the operator has the message", kannel)
    assert f"<KU-IT {NUMBER} text {FIRST}>" in kannel.log("operator")
    assert f"<{LAST}>" in kannel.log("operator")

    targets = portal.wait_for(2)
    receipts = [gateway.parse_receipt(RequestFactory().get(target))[0] for target in targets]
    assert [
        (receipt.state, receipt.raw_status) for receipt in sorted(receipts, key=lambda it: -int(it.raw_status))
    ] == [
        (ReceiptState.SENT, "8"),
        (ReceiptState.DELIVERED, "1"),
    ], kannel.logs()
    assert {receipt.reference for receipt in receipts} == {"4711"}
    assert all(receipt.message_id for receipt in receipts if receipt.state is ReceiptState.DELIVERED)
    assert "123456" not in "".join(targets)


def test_a_reference_of_any_characters_comes_back_as_it_was(kannel: Kannel, portal: ReceiptServer) -> None:
    gateway = gateway_to(kannel)
    gateway.send(message("a&b%d=ø %F", portal.url))
    [first, *_rest] = portal.wait_for(2)
    [receipt] = gateway.parse_receipt(RequestFactory().get(first))
    assert receipt.reference == "a&b%d=ø %F"


def test_a_wrong_password_is_misconfigured(kannel: Kannel) -> None:
    with pytest.raises(GatewayError) as caught:
        gateway_to(kannel, "another").send(message("4712"))
    assert caught.value.fault is GatewayFault.MISCONFIGURED
