"""The demo's phone inbox."""

import json

import pytest
from pytest_django.fixtures import Settings

from mfa_sms.models import SmsDevice
from tests.fixtures import Outbox, Walk

pytestmark = pytest.mark.django_db


def write(outbox: Outbox, *texts: str) -> None:
    lines = [
        json.dumps({"id": "1", "at": "2026-03-02T12:00:00+00:00", "to": "+4526123478", "sender": "KU-IT", "text": text})
        for text in texts
    ]
    outbox.path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_an_empty_phone_says_so(walk: Walk) -> None:
    response = walk.get("/inbox/")
    assert response.status_code == 200
    assert "<article" not in response.content.decode()


def test_the_newest_message_is_first(walk: Walk, sms_outbox: Outbox) -> None:
    write(sms_outbox, "den første", "den anden")
    page = walk.get("/inbox/").content.decode()
    assert page.index("den anden") < page.index("den første")


def test_a_message_is_text_and_no_markup(walk: Walk, sms_outbox: Outbox) -> None:
    write(sms_outbox, "<script>alert(1)</script>")
    assert "<script>alert" not in walk.get("/inbox/").content.decode()


def test_the_last_fifty_are_shown(walk: Walk, sms_outbox: Outbox) -> None:
    write(sms_outbox, *(f"nummer {number:03}" for number in range(60)))
    page = walk.get("/inbox/").content.decode()
    assert page.count("<article") == 50
    assert "nummer 059" in page
    assert "nummer 009" not in page


def test_a_code_that_was_sent_is_on_the_phone(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    assert walk.outbox.codes[-1] in walk.get("/inbox/").content.decode()


def test_there_is_no_phone_where_messages_go_to_no_file(walk: Walk, settings: Settings) -> None:
    settings.SMS_GATEWAYS = ["console://"]
    assert walk.get("/inbox/").status_code == 404
