"""A real worker sends the message that a request queued. Broker and log never contain a number or a code."""

import re

import pytest

from tests.broker.portal import Portal
from tests.broker.web import NUMBER

pytestmark = pytest.mark.broker


def holds(text: str, code: str) -> bool:
    """Return whether the text contains the code as a word of its own.

    Task ids and fractions of seconds may contain the same digits.
    """
    return bool(re.search(rf"(?<![0-9a-z.]){code}(?![0-9a-z])", text))


def test_a_worker_sends_what_a_request_has_queued(portal: Portal) -> None:
    published = portal.enroll()
    assert portal.status(published.message) == "queued"
    with portal.worker() as worker:
        (message,) = portal.received(worker)
    assert message["to"] == NUMBER
    assert message["text"].endswith(f" #{published.code}")
    assert portal.status(published.message) == "sent"
    assert portal.waiting() == []
    assert NUMBER.lstrip("+") not in portal.log
    assert not holds(portal.log, published.code)


def test_asvs_16_2_5_a_payload_holds_the_id_alone(portal: Portal) -> None:
    published = portal.enroll()
    (payload,) = portal.waiting()
    assert f"[[{published.message}], {{}}" in payload
    assert "mfa_sms.send_code_message" in payload
    assert NUMBER[3:] not in payload
    assert not holds(payload, published.code)
    assert len(portal.waiting()) == 1
